//! Two slots of flash for bundles. In: a bundle, keys, the time. Out: the bundle that is obeyed. A new one is written beside the
//! old one and becomes the one by its last word; power may fail at any moment. What was once obeyed is never obeyed again: a
//! counter that only grows says so. Refuses to obey what is not verified again when the box starts.

use core::fmt;

use keyward_bundle::{BundleError, Current, Hash, Trust, Verified, hash, verify, verify_stored};

use crate::policy::{OpenError, Policy};
use keyward_evaluator::Marks;

/// Memory that keeps two bundles, and a counter that only grows.
pub trait Flash {
    /// Why the memory failed.
    type Error: fmt::Debug;

    /// The bytes of a slot, 0 or 1.
    fn slot(&self, slot: usize) -> &[u8];

    /// Makes a slot empty.
    fn erase(&mut self, slot: usize) -> Result<(), Self::Error>;

    /// Writes to a place of an empty slot. Places are multiples of eight, lengths are not.
    fn write(&mut self, slot: usize, at: usize, bytes: &[u8]) -> Result<(), Self::Error>;

    /// The least version that may be obeyed.
    fn floor(&self) -> u32;

    /// Raises it for ever.
    fn raise(&mut self, floor: u32) -> Result<(), Self::Error>;
}

/// Why a bundle was not stored. What was obeyed before is obeyed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError<E> {
    /// The bundle itself.
    Bundle(BundleError),
    /// A module in it: its place in the list of files, and why.
    Module(usize, OpenError),
    /// It holds no policy.
    Empty,
    /// It does not fit into a slot.
    TooLarge,
    /// The memory failed; the old bundle is still there.
    Flash(E),
    /// The memory does not hold what was written to it.
    Unwritten,
}

/// Where the bundle stands in a slot.
const START: usize = 64;
/// A slot that was written to its end says so in its last word.
const DONE: &[u8; 8] = b"KWSTORED";

/// The store of a box.
pub struct Store<F> {
    flash: F,
    active: Option<usize>,
}

impl<F: Flash> Store<F> {
    /// Looks for the newest bundle that is whole, signed and not older than the counter says. Signatures and hashes are
    /// verified again.
    pub fn open(flash: F, trust: &Trust) -> Store<F> {
        let mut store = Store { flash, active: None };
        let version = |slot| Some(store.verified(slot, trust)?.manifest.version);
        let versions = [version(0), version(1)].map(|found| found.filter(|version| *version >= store.flash.floor()));
        store.active = match versions {
            [None, None] => None,
            [first, second] => Some(usize::from(second > first)),
        };
        // Power may have failed after the last word and before the counter.
        if let Some(version) = store.active.and_then(|slot| versions[slot])
            && version > store.flash.floor()
        {
            let _ = store.flash.raise(version);
        }
        store
    }

    /// The bundle that is obeyed, if there is one.
    #[must_use]
    pub fn bundle(&self) -> Option<&[u8]> {
        self.active.and_then(|slot| self.stored(slot))
    }

    /// The same, verified, if it may be obeyed at this time (in seconds since 1970).
    #[must_use]
    pub fn obeyed(&self, trust: &Trust, now: i64) -> Option<Verified<'_>> {
        let verified = self.verified(self.active?, trust)?;
        verified.manifest.at(now).is_ok().then_some(verified)
    }

    /// Verifies a bundle, stores it, and obeys it from now on. `marks` is working memory for checking its modules.
    pub fn activate<const WORDS: usize>(
        &mut self,
        bundle: &[u8],
        trust: &Trust,
        now: i64,
        marks: &mut Marks<WORDS>,
    ) -> Result<Current, StoreError<F::Error>> {
        let current = self.active.and_then(|slot| self.verified(slot, trust)).map(|verified| verified.current());
        let verified = verify(bundle, trust, now, current.as_ref()).map_err(StoreError::Bundle)?;
        if verified.manifest.version < self.flash.floor() {
            return Err(StoreError::Bundle(BundleError::Rollback));
        }
        let mut policies = 0;
        for (number, (_, bytes)) in verified.files().enumerate().filter(|(_, (path, _))| path.ends_with(".wasm")) {
            Policy::open(bytes, marks).map_err(|error| StoreError::Module(number, error))?;
            policies += 1;
        }
        if policies == 0 {
            return Err(StoreError::Empty);
        }
        let slot = self.active.map_or(0, |active| 1 - active);
        self.put(slot, bundle)?;
        // What the memory gives back is what counts.
        if self.verified(slot, trust).is_none_or(|stored| stored.hash != verified.hash) {
            return Err(StoreError::Unwritten);
        }
        self.active = Some(slot);
        self.flash.raise(verified.manifest.version).map_err(StoreError::Flash)?;
        Ok(verified.current())
    }

    /// The memory, for whoever owns it.
    pub fn flash(&self) -> &F {
        &self.flash
    }

    /// Gives the memory back.
    pub fn into_flash(self) -> F {
        self.flash
    }

    fn put(&mut self, slot: usize, bundle: &[u8]) -> Result<(), StoreError<F::Error>> {
        if self.flash.slot(slot).len() < START + bundle.len().next_multiple_of(8) + DONE.len() {
            return Err(StoreError::TooLarge);
        }
        let flash = &mut self.flash;
        let mut head = [0; START - 8];
        head[..4].copy_from_slice(&(bundle.len() as u32).to_le_bytes());
        head[8..40].copy_from_slice(&hash(bundle));
        flash.erase(slot).map_err(StoreError::Flash)?;
        flash.write(slot, START, bundle).map_err(StoreError::Flash)?;
        flash.write(slot, 8, &head).map_err(StoreError::Flash)?;
        flash.write(slot, 0, DONE).map_err(StoreError::Flash)
    }

    /// What a slot holds, if it was written to its end.
    fn stored(&self, slot: usize) -> Option<&[u8]> {
        let bytes = self.flash.slot(slot);
        let (done, head) = (bytes.get(..8)?, bytes.get(8..START)?);
        let length = u32::from_le_bytes(*head.first_chunk()?) as usize;
        let expected: &Hash = head.get(8..)?.first_chunk()?;
        let bundle = bytes.get(START..)?.get(..length)?;
        (done == DONE && hash(bundle) == *expected).then_some(bundle)
    }

    fn verified(&self, slot: usize, trust: &Trust) -> Option<Verified<'_>> {
        verify_stored(self.stored(slot)?, trust).ok()
    }
}
