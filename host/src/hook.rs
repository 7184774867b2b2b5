//! Webhooks (B8). In: an address that an administrator gave, a message. Out: a signed request to exactly the machine the address was checked
//! for. Refuses addresses whose host is not on the list of this installation, names that lead to a private network unless they are
//! listed as such, redirects, and answers that take longer than ten seconds.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::Url;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// How long another system may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which hosts may be told something, as `NAME` or `NAME:PORT`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    public: BTreeSet<String>,
    private: BTreeSet<String>,
}

impl Hooks {
    /// From hosts on the internet, which speak https, and hosts of one's own network.
    #[must_use]
    pub fn new(public: &[String], private: &[String]) -> Hooks {
        let lower = |all: &[String]| all.iter().map(|host| host.trim().to_ascii_lowercase()).collect();
        Hooks { public: lower(public), private: lower(private) }
    }

    /// The host of an address, if it may be told something; otherwise why not.
    pub fn checked(&self, address: &str) -> Result<String, String> {
        self.place(address).map(|place| place.name)
    }

    fn place(&self, address: &str) -> Result<Place, String> {
        if address.len() > 2_000 {
            return Err("an address has at most 2,000 characters".to_string());
        }
        let url: Url =
            address.parse().map_err(|_| "this is no address such as https://example.org/keys".to_string())?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(format!("`{other}` is not https")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a name and a password do not belong into an address; requests are signed".to_string());
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
        let port = url.port_or_known_default().unwrap_or(0);
        let usual = url.port().is_none();
        let listed = |list: &BTreeSet<String>| {
            list.contains(&format!("{host}:{port}"))
                || list.contains(&format!("[{host}]:{port}"))
                || usual && list.contains(&host)
        };
        let name = if usual { host.clone() } else { format!("{host}:{port}") };
        if listed(&self.private) {
            return Ok(Place { url, host, port, name, private: true });
        }
        if !listed(&self.public) {
            return Err(format!("{name} is not on the list of hosts this installation may tell something"));
        }
        if !secure {
            return Err("a host on the internet is told by https only".to_string());
        }
        Ok(Place { url, host, port, name, private: false })
    }

    /// Sends a message, signed with the time. `id` stays the same when it comes again.
    pub async fn send(&self, address: &str, secret: &str, id: &str, body: &str, now: Timestamp) -> Result<(), String> {
        let place = self.place(address)?;
        // Resolved once, checked, and then only these are connected to: what the name leads to later does not matter.
        let found = tokio::net::lookup_host((place.host.as_str(), place.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|_| "its name leads nowhere".to_string())?.collect();
        if found.is_empty() || !found.iter().all(|one| may(one.ip(), place.private)) {
            return Err("its name leads to a network that is not meant".to_string());
        }
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .resolve_to_addrs(&place.host, &found)
            .build()
            .map_err(|error| error.to_string())?;
        let request = client
            .post(place.url)
            .header("Content-Type", "application/json")
            .header("Keyward-Id", id)
            .header("Keyward-Signature", signature(secret, now.as_second(), body))
            .body(body.to_string());
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
            Err(error) if error.is_timeout() => Err("it did not answer in time".to_string()),
            Err(_) => Err("it could not be reached".to_string()),
        }
    }
}

struct Place {
    url: Url,
    host: String,
    port: u16,
    name: String,
    private: bool,
}

/// `t=SECONDS,v1=HEX`: the HMAC-SHA256 of `SECONDS.BODY`.
#[must_use]
pub fn signature(secret: &str, seconds: i64, body: &str) -> String {
    // A key of any length is one, so this cannot fail; if it did, nobody would accept the request.
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let mac = mac.map(|mac| mac.chain_update(format!("{seconds}.{body}")).finalize().into_bytes());
    let hex: String = mac.iter().flatten().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

/// Whether a machine may be connected to. Nobody means a link-local address: that is where clouds keep their secrets.
fn may(ip: IpAddr, private: bool) -> bool {
    let never = match ip.to_canonical() {
        IpAddr::V4(ip) => {
            ip.is_link_local() || ip.is_unspecified() || ip.is_multicast() || ip.is_broadcast() || ip.octets()[0] == 0
        }
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unspecified() || ip.is_multicast(),
    };
    !never && (private || public(ip))
}

fn public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let assigned = a == 192 && b == 0 && (c == 0 || c == 2);
            let tried = a == 198 && (b == 18 || b == 19 || b == 51 && c == 100) || a == 203 && b == 0 && c == 113;
            !(ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || shared
                || assigned
                || tried
                || a == 0
                || a >= 224)
        }
        IpAddr::V6(ip) => {
            let [first, second, ..] = ip.segments();
            // Addresses that carry another one inside, and those of examples.
            let carries = first == 0x2002 || first == 0x64 && second == 0xff9b || first == 0x2001 && second == 0;
            let example = first == 0x2001 && second == 0xdb8;
            let global = first & 0xe000 == 0x2000;
            global && !carries && !example && ip != Ipv6Addr::LOCALHOST
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hooks, may, signature};
    use std::net::IpAddr;

    #[test]
    fn b8_every_spelling_of_a_private_address_is_refused() {
        let hooks = Hooks::new(&["hooks.example.org".to_string(), "api.example.org:8443".to_string()], &[]);
        for fine in [
            "https://hooks.example.org/x?y=1",
            "https://HOOKS.example.org./".trim_end_matches("./"),
            "https://api.example.org:8443/",
        ] {
            assert!(hooks.checked(fine).is_ok(), "{fine}: {:?}", hooks.checked(fine));
        }
        let spellings = [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "0x7f.0.0.1",
            "0x7f000001",
            "0177.0.0.1",
            "017700000001",
            "2130706433",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "127。0。0。1",
            "0.0.0.0",
            "0",
            "0x0",
            "00000",
            "10.0.0.1",
            "0xa.0.0.1",
            "012.0.0.1",
            "167772161",
            "172.16.0.1",
            "192.168.0.1",
            "0xc0a80001",
            "3232235521",
            "192.168.1",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "0251.0376.0251.0376",
            "169.254.43518",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "[::1]",
            "[::]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::169.254.169.254]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[fe80::1]",
            "[fe80::1%25eth0]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
            "hooks.example.org.evil.test",
            "evil.test",
            "hooks.example.org@evil.test",
            "evil.test#hooks.example.org",
            "hooks.example.org:22",
            "user:word@hooks.example.org",
            "hooks.example.org%00.evil.test",
            "metadata.google.internal",
            "①②⑦.⓪.⓪.①",
        ];
        assert!(spellings.len() >= 58);
        for host in spellings {
            for scheme in ["https", "http"] {
                let address = format!("{scheme}://{host}/");
                assert!(hooks.checked(&address).is_err(), "{address}: {:?}", hooks.checked(&address));
            }
        }
        for other in [
            "http://hooks.example.org/",
            "file:///etc/passwd",
            "gopher://hooks.example.org/",
            "hooks.example.org",
            "",
            "https://",
        ] {
            assert!(hooks.checked(other).is_err(), "{other}");
        }
    }

    #[test]
    fn b8_a_name_that_leads_to_a_private_machine_is_not_followed() {
        let cases = [
            ("93.184.216.34", true, true),
            ("2606:2800:220:1:248:1893:25c8:1946", true, true),
            ("127.0.0.1", false, true),
            ("10.1.2.3", false, true),
            ("172.31.0.1", false, true),
            ("192.168.1.1", false, true),
            ("100.100.100.200", false, true),
            ("::1", false, true),
            ("fd00::1", false, true),
            ("::ffff:10.0.0.1", false, true),
            ("64:ff9b::a00:1", false, true),
            ("2002:a00:1::", false, true),
            ("198.18.0.1", false, true),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("fe80::1", false, false),
            ("0.0.0.0", false, false),
            ("::", false, false),
            ("224.0.0.1", false, false),
            ("ff02::1", false, false),
        ];
        for (text, outside, inside) in cases {
            let ip: IpAddr = text.parse().expect("an address");
            assert_eq!((may(ip, false), may(ip, true)), (outside, inside), "{text}");
        }
    }

    #[test]
    fn a_signature_covers_time_and_body() {
        let mac =
            |secret, seconds, body| signature(secret, seconds, body).split_once(",v1=").expect("a mac").1.to_string();
        let one = mac("hush", 1, "{}");
        assert_eq!(one.len(), 64);
        assert!(one != mac("hush", 2, "{}") && one != mac("hush", 1, "{} ") && one != mac("hash", 1, "{}"));
    }
}
