//! Codes, and what they are checked against. In: a key the store does not have, chance, purposes. Out: digits and keyed hashes that
//! hold for one purpose and one thing only (C1, C5, C6). Refuses to remember a code.

use hmac::{Hmac, KeyInit, Mac};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::Rng;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use ulid::Ulid;

/// The key that everything here depends on. It is never stored beside the data.
#[derive(Clone)]
pub struct Pepper([u8; 32]);

impl std::fmt::Debug for Pepper {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Pepper")
    }
}

/// What a keyed hash is good for. A hash of one purpose never holds for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Finding a credential by what was shown.
    Lookup,
    /// A code for a pickup.
    Pickup,
    /// A code for handing a key on.
    Swap,
    /// A code for signing in.
    Login,
    /// A link for a new password.
    Reset,
    /// A code that proves that a number or address is one's own.
    Contact,
    /// A recovery code.
    Recovery,
    /// The token of a session.
    Session,
    /// The one-time code of a box.
    Enrolment,
    /// The number on the screen of a box.
    Presence,
}

impl Pepper {
    /// From 32 secret bytes.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Pepper {
        Pepper(key)
    }

    /// The keyed hash of a text for a purpose and a thing. Every part is preceded by its length, so no two lists are alike (B10).
    #[must_use]
    pub fn mac(&self, purpose: Purpose, bound: &[&[u8]], text: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("any length is a key"));
        mac.update(&[purpose as u8]);
        for part in bound.iter().copied().chain([text.as_bytes()]) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The four digits on the screen of a box in a period of half a minute.
    #[must_use]
    pub fn presence(&self, box_id: Ulid, period: i64) -> String {
        let mac = self.mac(Purpose::Presence, &[&box_id.to_bytes(), &period.to_be_bytes()], "");
        let number = u64::from_be_bytes([mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], mac[6], mac[7]]);
        format!("{:04}", number % 10_000)
    }
}

/// Whether two hashes are the same, in the same time wherever they differ (C7).
#[must_use]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// So many random digits, each as likely as any other (C1): numbers beyond the last whole multiple of ten are drawn again.
#[must_use]
pub fn digits(rng: &mut ChaCha20Rng, count: usize) -> String {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        let byte = (rng.next_u32() & 0xff) as u8;
        if byte < 250 {
            text.push(char::from(b'0' + byte % 10));
        }
    }
    text
}

/// A token of 160 random bits, for links and sessions.
#[must_use]
pub fn token(rng: &mut ChaCha20Rng) -> String {
    let mut bytes = [0; 20];
    rng.fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The six digits an authenticator app shows in a period of half a minute (RFC 6238).
#[must_use]
pub fn totp(seed: &[u8], period: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(seed).unwrap_or_else(|_| unreachable!("any length is a key"));
    mac.update(&period.to_be_bytes());
    let bytes: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(bytes[19] & 15);
    let number = bytes[at..at + 4].iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// What is wrong with a PIN; nothing if it may be used (C3, R07). `private` are numbers that must not contain it.
#[must_use]
pub fn weak_pin(pin: &str, private: &[&str]) -> Option<&'static str> {
    let digits: Vec<i16> = pin.chars().filter_map(|one| one.to_digit(10)).map(|digit| digit as i16).collect();
    let [a, b, c, d] = digits[..] else { return Some("A PIN is exactly four digits.") };
    if pin.len() != 4 {
        return Some("A PIN is exactly four digits.");
    }
    let (head, tail) = (10 * a + b, 10 * c + d);
    let steps = [b - a, c - b, d - c];
    let even = steps[0] == steps[1] && steps[1] == steps[2] && steps[0].abs() <= 2;
    let repeated = head == tail || a == b && c == d || a == d && b == c || a == b && b == c || b == c && c == d;
    let year = (19..=20).contains(&head);
    let day = |day: i16, month: i16| (1..=31).contains(&day) && (1..=12).contains(&month);
    let keypad =
        ["2580", "0852", "1470", "0741", "3690", "0963", "1397", "7931", "1793", "3971", "1590", "7530", "1937"];
    let runs = "01234567890 09876543210".contains(pin);
    if even || repeated || runs || keypad.contains(&pin) {
        Some("This PIN is one of the first that people try. Please think of another.")
    } else if year || day(head, tail) || day(tail, head) {
        Some("A date or a year is easy to guess. Please think of another.")
    } else if private.iter().any(|number| number.contains(pin)) {
        Some("A PIN must not be part of your own number or code.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn c1_digits_are_unbiased() {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let mut seen = [0u32; 10];
        for digit in digits(&mut rng, 100_000).bytes() {
            seen[usize::from(digit - b'0')] += 1;
        }
        let chi: f64 = seen.iter().map(|count| (f64::from(*count) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(
            chi < 27.88,
            "chi-square {chi} with nine degrees of freedom, p > 0.001 wants less than 27.88: {seen:?}"
        );
    }

    #[test]
    fn c3_r07_the_block_list_has_a_thousand_patterns() {
        let weak = (0..10_000).filter(|pin| weak_pin(&format!("{pin:04}"), &[]).is_some()).count();
        assert!((1_000..2_000).contains(&weak), "{weak} of 10,000 PINs are refused");
        for pin in [
            "0000",
            "1234",
            "4321",
            "1212",
            "1221",
            "1999",
            "2024",
            "2580",
            "3112",
            "1231",
            "12345",
            "12a4",
            "１２３４",
        ] {
            assert!(weak_pin(pin, &[]).is_some(), "{pin}");
        }
        assert_eq!(weak_pin("8302", &[]), None);
        assert!(weak_pin("8302", &["+4915783025"]).is_some());
    }

    #[test]
    fn totp_of_rfc_6238() {
        assert_eq!(totp(b"12345678901234567890", 59 / 30), "287082");
        assert_eq!(totp(b"12345678901234567890", 1_111_111_109 / 30), "081804");
    }

    #[test]
    fn c5_b10_no_two_purposes_or_bindings_share_a_hash() {
        let pepper = Pepper::new([1; 32]);
        let all = [Purpose::Pickup, Purpose::Swap, Purpose::Login, Purpose::Reset].map(|purpose| {
            [
                pepper.mac(purpose, &[b"ab", b"c"], "1"),
                pepper.mac(purpose, &[b"a", b"bc"], "1"),
                pepper.mac(purpose, &[b"abc"], "1"),
            ]
        });
        let mut flat = all.concat();
        flat.sort_unstable();
        flat.dedup();
        assert_eq!(flat.len(), 12);
    }
}
