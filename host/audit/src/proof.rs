//! Verifying proofs, as RFC 9162 says in 2.1.3.2 and 2.1.4.2. In: hashes, sizes, a proof from somebody who is not believed. Out:
//! whether it holds. Every hash of a proof must be used: one too many is as wrong as one too few.

use crate::{Hash, node};

/// Whether the entry with the hash `leaf` is number `index` (from 0) of the `size` entries with the hash `root`.
#[must_use]
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether the `old` entries with the hash `old_root` are the first of the `size` entries with the hash `root`.
#[must_use]
pub fn verify_consistency(old: u64, size: u64, old_root: &Hash, proof: &[Hash], root: &Hash) -> bool {
    if old == 0 || old > size {
        // Everything begins with nothing, so there is nothing to prove, and nothing that a proof could hold.
        return old == 0 && proof.is_empty() && *old_root == crate::empty();
    }
    if old == size {
        return proof.is_empty() && old_root == root;
    }
    let (mut at, mut last) = (old - 1, size - 1);
    let mut rest = proof;
    let mut start = *old_root;
    if !old.is_power_of_two() {
        let Some((first, others)) = proof.split_first() else { return false };
        (start, rest) = (*first, others);
    }
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut before, mut after) = (start, start);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            before = node(beside, &before);
            after = node(beside, &after);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            after = node(&after, beside);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && before == *old_root && after == *root
}
