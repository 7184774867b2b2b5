//! The secrets of a host. In: one file with 32 bytes in hexadecimal. Out: keys for every purpose, derived from it. It is made once, stands
//! apart from the data, and whoever has both has everything. Refuses a file that others can read.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use keyward_audit::Signer;
use keyward_host_core::code::Pepper;
use sha2::Sha256;
use std::path::Path;

/// All keys of a host.
#[derive(Clone)]
pub struct Keys {
    /// For codes, PINs and tokens.
    pub pepper: Pepper,
    /// For passwords and PINs, beside their salt.
    pub stretch: [u8; 32],
    seal: [u8; 32],
    log: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Keys")
    }
}

impl Keys {
    /// From the master key.
    #[must_use]
    pub fn new(master: &[u8; 32]) -> Keys {
        let derive = |purpose: &str| {
            let mut key = [0; 32];
            let made = Hkdf::<Sha256>::new(Some(b"keyward host v1"), master).expand(purpose.as_bytes(), &mut key);
            made.unwrap_or_else(|_| unreachable!("32 bytes can be derived"));
            key
        };
        Keys {
            pepper: Pepper::new(derive("codes")),
            stretch: derive("stretch"),
            seal: derive("vault"),
            log: derive("log"),
        }
    }

    /// Reads the file of the master key, or makes it.
    pub fn at(path: &Path) -> Result<Keys, String> {
        let shown = path.display();
        if !path.exists() {
            let mut master = [0; 32];
            getrandom::fill(&mut master).map_err(|error| format!("no random numbers: {error}"))?;
            write_private(path, &hex(&master)).map_err(|error| format!("{shown}: {error}"))?;
            return Ok(Keys::new(&master));
        }
        private(path)?;
        let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
        let master = unhex(text.trim()).ok_or_else(|| format!("{shown}: a master key is 64 hexadecimal digits"))?;
        Ok(Keys::new(&master))
    }

    /// Seals bytes that belong to something.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Result<Vec<u8>, String> {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).map_err(|error| format!("no random numbers: {error}"))?;
        let cipher = XChaCha20Poly1305::new(&self.seal.into());
        let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: about.as_bytes() });
        let sealed = sealed.map_err(|_| "a record could not be sealed".to_string())?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens sealed bytes, if they belong to it and nobody touched them.
    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>, String> {
        let wrong = || format!("a record ({about}) does not open: it was changed, or the master key is another one");
        let (nonce, rest) = sealed.split_first_chunk::<24>().ok_or_else(wrong)?;
        let cipher = XChaCha20Poly1305::new(&self.seal.into());
        cipher.decrypt(&XNonce::from(*nonce), Payload { msg: rest, aad: about.as_bytes() }).map_err(|_| wrong())
    }

    /// Signs checkpoints of the log of an organization.
    pub fn signer(&self, origin: &str) -> Result<Signer, String> {
        Signer::new(origin, SigningKey::from_bytes(&self.log))
            .ok_or_else(|| format!("`{origin}` cannot be the name of a log"))
    }
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 bytes from 64 hexadecimal digits.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let bytes: Vec<u8> = unhexed(text)?;
    bytes.try_into().ok()
}

/// Bytes from hexadecimal digits.
#[must_use]
pub fn unhexed(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|one| one.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn private(path: &Path) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            std::fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(format!("{} can be read by others: run `chmod 600` on it", path.display()));
        }
    }
    Ok(())
}
