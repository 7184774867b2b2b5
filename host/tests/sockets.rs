//! B5 over real sockets: heads that are too long, too many or too slow, requests inside of requests, addresses that ask too often.

mod desk;

use desk::{Folder, settings};
use keyward_host::http::Limits;
use keyward_host::serve::{Host, Settings};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A host with a socket; it stops when this is dropped.
struct Served {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
    _folder: Folder,
}

async fn served(limits: Limits) -> Served {
    let folder = Folder::new();
    let clock = std::sync::Arc::new(jiff::Timestamp::now);
    let host = Host::open(Settings { limits, ..settings(&folder) }, clock).await.expect("a host");
    let address = host.listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(host.serve(async move {
        let _ = stopped.await;
    }));
    Served { address, _stop: stop, _folder: folder }
}

fn free() -> Limits {
    Limits::new(0, 0, Vec::new())
}

/// Sends bytes and gives everything that comes back until the host closes, or for a while.
fn exchange(address: SocketAddr, bytes: &[u8], patience: Duration) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(patience)).expect("a patience");
    let _ = stream.write_all(bytes);
    let mut all = Vec::new();
    let mut some = [0; 4_096];
    while let Ok(count) = stream.read(&mut some) {
        if count == 0 {
            break;
        }
        all.extend_from_slice(&some[..count]);
    }
    String::from_utf8_lossy(&all).to_string()
}

fn statuses(answer: &str) -> Vec<&str> {
    answer.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_no_request_is_smuggled_inside_of_another() {
    let host = served(free()).await;
    let inner = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    let post = |head: &str, body: &str| format!("POST /v1/acme/login HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n{body}");
    let set = [
        post("Content-Length: 5\r\nTransfer-Encoding: chunked", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked\r\nContent-Length: 5", &format!("0\r\n\r\n{inner}")),
        post("Content-Length: 0\r\nContent-Length: 44", inner),
        post("Content-Length: 44\r\nContent-Length: 0", inner),
        post("Content-Length: 0, 44", inner),
        post("Content-Length: +0", inner),
        post("Content-Length: -1", inner),
        post("Content-Length: 0x0", inner),
        post("Content-Length: 0 0", inner),
        post("Content-Length : 0", inner),
        post("Transfer-Encoding: xchunked", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked, identity", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: identity, chunked\r\nContent-Length: 5", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding : chunked", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", &format!("0\r\n\r\n{inner}")),
        post(" Transfer-Encoding: chunked\r\nContent-Length: 0", &format!("0\r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked", &format!("0 \r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked", &format!("-1\r\n\r\n{inner}")),
        post("Transfer-Encoding: chunked", &format!("fffffffffffffffff\r\n{inner}")),
        format!("GET / HTTP/1.1\r\nHost: x\r\nX: a\rContent-Length: 44\r\n\r\n{inner}"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n{inner}"),
        format!("GET / HTTP/1.1 \r\nHost: x\r\n\r\n{inner}"),
    ];
    for bytes in &set {
        let answer = exchange(host.address, bytes.as_bytes(), Duration::from_millis(300));
        let all = statuses(&answer);
        assert!(!answer.contains("/smuggled") && all.len() <= 1, "{bytes:?} gives {answer}");
        assert!(all.first().is_none_or(|status| status.starts_with('4')), "{bytes:?} gives {answer}");
    }
    // One after the other is no smuggling: both are answered.
    let two = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert_eq!(statuses(&exchange(host.address, two.as_bytes(), Duration::from_secs(5))), ["200", "200"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_heads_are_bounded_in_bytes_lines_and_time() {
    let host = served(free()).await;
    let head = |lines: &str| format!("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n");
    let fine =
        exchange(host.address, head(&format!("X: {}\r\n", "a".repeat(8_000))).as_bytes(), Duration::from_secs(5));
    assert_eq!(statuses(&fine), ["200"]);
    let long =
        exchange(host.address, head(&format!("X: {}\r\n", "a".repeat(20_000))).as_bytes(), Duration::from_secs(5));
    assert_eq!(statuses(&long), ["431"], "{long}");
    let many = exchange(host.address, head(&"X: a\r\n".repeat(80)).as_bytes(), Duration::from_secs(5));
    assert_eq!(statuses(&many), ["431"], "{many}");
    let begun = Instant::now();
    let slow = exchange(host.address, b"GET /livez HTTP/1.1\r\nHost: x\r\nX", Duration::from_secs(30));
    assert!(statuses(&slow).iter().all(|status| *status == "408"), "{slow}");
    assert!(begun.elapsed() < Duration::from_secs(20), "nobody holds a connection by saying nothing");
    let body = "POST /v1/acme/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{";
    let slow = exchange(host.address, body.as_bytes(), Duration::from_secs(30));
    assert_eq!(statuses(&slow), ["408"], "{slow}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_a_thousand_slow_connections_keep_nobody_out() {
    let host = served(free()).await;
    let mut slow = Vec::new();
    for _ in 0..1_000 {
        let Ok(mut stream) = TcpStream::connect(host.address) else { break };
        let _ = stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        slow.push(stream);
    }
    assert!(slow.len() > 400, "only {} connections; is `ulimit -n` that low?", slow.len());
    let mut took: Vec<Duration> = (0..100)
        .map(|_| {
            let begun = Instant::now();
            let answer = exchange(
                host.address,
                b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                Duration::from_secs(10),
            );
            assert_eq!(statuses(&answer), ["200"]);
            begun.elapsed()
        })
        .collect();
    took.sort();
    println!("beside {} slow connections, 99 of 100 requests take {:?}", slow.len(), took[98]);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_c7_an_address_that_guesses_is_slowed_down_and_told_how_long() {
    let host = served(Limits::new(1_000, 5, Vec::new())).await;
    let body = "{\"email\":\"a@b.cd\",\"password\":\"x\"}";
    let login = format!(
        "POST /v1/acme/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut all = Vec::new();
    for _ in 0..7 {
        all.push(exchange(host.address, login.as_bytes(), Duration::from_secs(10)));
    }
    let slowed = all.iter().filter(|answer| statuses(answer) == ["429"]).count();
    assert_eq!(slowed, 2, "{all:?}");
    let last = all.last().expect("seven").to_lowercase();
    assert!(last.contains("retry-after: ") && last.contains("\"code\":\"too_many\""), "{last}");
    let other =
        exchange(host.address, b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Duration::from_secs(5));
    assert_eq!(statuses(&other), ["200"], "what cannot be guessed at goes on");
}
