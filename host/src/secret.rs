//! Passwords and PINs, from plain to what is stored. In: what somebody typed. Out: the same stretched with argon2id, and what the policy
//! asks about a new password. Two at a time, so that nobody fills the memory by signing in. Refuses to keep what was typed.

use crate::keys::Keys;
use argon2::{Algorithm, Argon2, Params, Version};
use keyward_host_core::NewPassword;
use keyward_host_core::vault::Stretched;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Stretches secrets.
#[derive(Clone, Debug)]
pub struct Stretcher {
    keys: Keys,
    params: Params,
    room: Arc<Semaphore>,
}

impl Stretcher {
    /// With the parameters OWASP asks for (19 MiB, two passes), or cheap ones for tests.
    #[must_use]
    pub fn new(keys: Keys, cheap: bool) -> Stretcher {
        let (memory, passes) = if cheap { (8, 1) } else { (19 * 1024, 2) };
        let params = Params::new(memory, passes, 1, Some(32)).unwrap_or_default();
        Stretcher { keys, params, room: Arc::new(Semaphore::new(2)) }
    }

    /// Stretches with a salt.
    pub async fn stretch(&self, plain: &str, salt: [u8; 16]) -> Option<Stretched> {
        let _room = self.room.acquire().await.ok()?;
        let (params, secret, plain) = (self.params.clone(), self.keys.stretch, plain.to_string());
        let made = tokio::task::spawn_blocking(move || {
            let argon = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).ok()?;
            let mut key = [0; 32];
            argon.hash_password_into(plain.as_bytes(), &salt, &mut key).ok()?;
            Some(Stretched { salt, key })
        });
        made.await.ok()?
    }

    /// Stretches with a fresh salt.
    pub async fn fresh(&self, plain: &str) -> Option<Stretched> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).ok()?;
        self.stretch(plain, salt).await
    }

    /// A password somebody wants. `own` are words that must not make it strong; `old` is the present one.
    pub async fn judged(&self, plain: &str, own: &[&str], old: Option<Stretched>) -> Option<NewPassword> {
        let stretched = self.fresh(plain).await?;
        let same_as_before = match old {
            Some(old) => self.stretch(plain, old.salt).await? == old,
            None => false,
        };
        // Guessed within ten thousand tries: one of the first that people think of, or hardly different from one.
        let block_listed = zxcvbn::zxcvbn(&plain.chars().take(100).collect::<String>(), own).guesses() <= 10_000;
        Some(NewPassword {
            stretched,
            length: u32::try_from(plain.chars().count()).unwrap_or(u32::MAX),
            has_letter: plain.chars().any(char::is_alphabetic),
            has_digit: plain.chars().any(|one| one.is_ascii_digit()),
            block_listed,
            same_as_before,
        })
    }
}
