// Strings that are awkward for this page in particular, beside the public list. In: nothing. Out: strings.

export const OWN = [
  "</title><script>pwned++</script>", "</style><script>pwned++</script>", "</textarea><img src=x onerror=pwned++>", "</svg><script>pwned++</script>",
  "<svg onload=pwned++>", "javascript:pwned++", "data:text/html,<script>pwned++</script>", "{{constructor.constructor('pwned++')()}}", "${pwned++}", "`${pwned++}`",
  "__proto__", "constructor", "toString", "hasOwnProperty", "prototype.polluted", "{ $count }", "{ -brand }", "{\"\"}", "-- term", "#comment",
  "\u202Eright to left\u202C", "\u2066isolated\u2069", "\u200Bzero\u200Bwidth", "\uFEFFmark", "a\u0301\u0301\u0301\u0301\u0301\u0301", "\u{1F511}\u{1F511}\u{1F511}", "\uD83D", "\u0000", "\u001b[31mred", "\u2028line\u2029",
  "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "%00%0a%0d", "../../../etc/passwd", "C:\\con\\con", "a".repeat(400), "W".repeat(120), "word ".repeat(60), "?#&=%",
];
