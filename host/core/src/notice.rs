//! What customers are told before they rely on it (R15-R18, R34, R42). In: nothing. Out: the notices, with the version that is
//! acknowledged. A change of a word is a new version.

/// The version of the notices.
pub const VERSION: u32 = 1;

/// The notices: name, words.
pub const NOTICES: [(&str, &str); 6] = [
    (
        "shared_responsibility",
        "How well your keys are protected also depends on you: on settings that fit, on codes that nobody passes on, and on people who look twice.",
    ),
    (
        "boxes_are_no_vaults",
        "A key box is no safe. Hang every box, also a private one, in a place that is locked or watched, and say in its record what protects it.",
    ),
    (
        "neutral_labels",
        "Never write an address, a door or a name on a key or its fob. Whoever finds it must not learn what it opens.",
    ),
    (
        "off_means_exposed",
        "Where the second factor of pickups is off, whoever knows a phone number can take a key. Leave it on.",
    ),
    ("login_code", "Leave the code at sign-in on. A password alone is soon in other hands."),
    (
        "residual_risk",
        "Some risk remains, even if everything is done as described here. Texts and e-mails can be read by others, and a determined thief needs no key.",
    ),
];
