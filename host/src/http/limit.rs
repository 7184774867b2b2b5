//! How often an address may ask (B5, C7). In: where a request comes from. Out: whether it is let through. What can be guessed at counts for
//! itself and is slower. Signed requests of boxes are not counted here: many stand behind one address. Refuses to be talked into
//! another address, except by a proxy that is named.

use super::problem::Problem;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Addresses that are remembered at most.
const REMEMBERED: usize = 100_000;

/// How often addresses may ask.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a second, over some time; 0: any number.
    pub per_second: u32,
    /// Tries a minute where something can be guessed; 0: any number.
    pub guesses_per_minute: u32,
    /// Proxies whose word about an address counts.
    pub proxies: Vec<IpAddr>,
    buckets: Arc<Mutex<HashMap<(IpAddr, bool), Bucket>>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Limits {
    /// From how often, and which proxies are believed.
    #[must_use]
    pub fn new(per_second: u32, guesses_per_minute: u32, proxies: Vec<IpAddr>) -> Limits {
        Limits { per_second, guesses_per_minute, proxies, buckets: Arc::default() }
    }

    /// The address a request came from: the last that no named proxy stands for.
    fn from(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.proxies.contains(&peer) {
            return peer;
        }
        let told = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let told: Vec<&str> = told.flat_map(|line| line.split(',')).map(str::trim).collect();
        let known = told.iter().rev().map_while(|one| one.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical());
        known.into_iter().find(|ip| !self.proxies.contains(ip)).unwrap_or(peer)
    }

    /// Seconds to wait, if an address asks too often.
    fn wait(&self, ip: IpAddr, guess: bool, now: Instant) -> Option<u64> {
        let (rate, burst) = match guess {
            true => (f64::from(self.guesses_per_minute) / 60.0, f64::from(self.guesses_per_minute)),
            false => (f64::from(self.per_second), f64::from(self.per_second) * 4.0),
        };
        if rate <= 0.0 {
            return None;
        }
        // A household or an office has as many of the newer addresses as it likes.
        let ip = match ip {
            IpAddr::V6(ip) => IpAddr::V6((u128::from(ip) >> 64 << 64).into()),
            ip @ IpAddr::V4(_) => ip,
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > REMEMBERED {
            buckets.retain(|_, bucket| now.duration_since(bucket.at).as_secs() < 600);
        }
        let bucket = buckets.entry((ip, guess)).or_insert(Bucket { left: burst, at: now });
        bucket.left = (bucket.left + now.duration_since(bucket.at).as_secs_f64() * rate).min(burst);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return None;
        }
        Some(((1.0 - bucket.left) / rate).ceil().max(1.0) as u64)
    }
}

/// Whether something can be guessed at an address: without a session, and with an answer that depends on a secret.
fn guessed(path: &str) -> bool {
    let inner = path.strip_prefix("/v1/").and_then(|rest| rest.split_once('/')).map_or(path, |(_, inner)| inner);
    path == "/v1/setup"
        || inner.ends_with("/enrolment")
        || ["login", "password/", "recovery/", "links"].iter().any(|start| inner.starts_with(start))
}

/// Lets requests through that do not come too often.
pub async fn limited(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() else {
        return next.run(request).await;
    };
    let signed = request.headers().contains_key("keyward-signature");
    let path = request.uri().path();
    let guess = guessed(path);
    if signed && !guess {
        return next.run(request).await;
    }
    let ip = limits.from(peer.ip(), request.headers());
    let now = Instant::now();
    let wait = limits.wait(ip, false, now).or_else(|| if guess { limits.wait(ip, true, now) } else { None });
    match wait {
        None => next.run(request).await,
        Some(seconds) => {
            let detail = format!("Too many requests come from here. Please wait {seconds} seconds.");
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail);
            let mut response = problem.into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, guessed};
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn b5_an_address_asks_so_often_and_guesses_less_often() {
        let limits = Limits::new(10, 6, Vec::new());
        let now = Instant::now();
        let through = |guess: bool, address: &str, at: Instant| {
            (0..1_000).take_while(|_| limits.wait(ip(address), guess, at).is_none()).count()
        };
        assert_eq!(through(false, "192.0.2.1", now), 40);
        assert_eq!(through(false, "192.0.2.2", now), 40, "each for itself");
        assert_eq!(through(true, "192.0.2.1", now), 6);
        assert_eq!(limits.wait(ip("192.0.2.1"), true, now), Some(10));
        assert_eq!(through(true, "192.0.2.1", now + Duration::from_secs(10)), 1);
        assert_eq!(through(false, "192.0.2.1", now + Duration::from_secs(1)), 10);
        assert_eq!(through(true, "2001:db8::1", now), 6);
        assert_eq!(through(true, "2001:db8::ffff:1", now), 0, "one network of the newer kind is one");
        assert_eq!(through(true, "2001:db8:0:1::1", now), 6);
        let none = Limits::new(0, 0, Vec::new());
        assert!((0..10_000).all(|_| none.wait(ip("192.0.2.1"), false, now).is_none()));
    }

    #[test]
    fn b5_only_a_named_proxy_says_where_a_request_comes_from() {
        let limits = Limits::new(10, 6, vec![ip("10.0.0.1"), ip("10.0.0.2")]);
        let from = |peer: &str, told: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in told {
                headers.append("x-forwarded-for", HeaderValue::from_str(line).expect("a line"));
            }
            limits.from(ip(peer), &headers).to_string()
        };
        assert_eq!(from("192.0.2.9", &["198.51.100.1"]), "192.0.2.9", "a stranger is not believed");
        assert_eq!(from("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            from("10.0.0.1", &["203.0.113.5, 198.51.100.1"]),
            "198.51.100.1",
            "what came before is the client's word"
        );
        assert_eq!(from("10.0.0.1", &["203.0.113.5", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(from("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        for nonsense in ["", "nonsense", "198.51.100.1:80", "198.51.100.1, nonsense"] {
            assert_eq!(from("10.0.0.1", &[nonsense]), "10.0.0.1", "{nonsense}");
        }
    }

    #[test]
    fn what_can_be_guessed_at_is_known() {
        for path in [
            "/v1/setup",
            "/v1/acme/login",
            "/v1/acme/login/code",
            "/v1/acme/password/reset",
            "/v1/acme/recovery/X",
            "/v1/acme/links",
            "/v1/acme/links/visits",
            "/v1/acme/boxes/X/enrolment",
        ] {
            assert!(guessed(path), "{path}");
        }
        for path in ["/", "/v1/acme/keys", "/v1/login/keys", "/v1/acme/me/login-code", "/v1/acme/boxes/X/visits"] {
            assert!(!guessed(path), "{path}");
        }
    }
}
