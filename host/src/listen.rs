//! Connections (B5). In: a socket, what answers. Out: requests with the address they came from. Refuses heads over 16 KiB or that take longer
//! than ten seconds, more than 64 header lines, and more connections at a time than there is room for. When it is told to stop, it
//! finishes what it began.

use axum::Router;
use axum::extract::connect_info::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// Bytes of a head at most.
pub const HEAD: usize = 16 * 1024;
/// How long a head may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Lines of a head at most.
const LINES: usize = 64;
/// Connections at a time.
const ROOM: usize = 4_096;
/// How long a stop waits for what was begun.
const FINISH: Duration = Duration::from_secs(20);

/// Serves until `stop` is done.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send) -> Result<(), String> {
    let room = Arc::new(Semaphore::new(ROOM));
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { break };
        let (stream, from) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Too many files, or a client that is gone already: the next one may do better.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let answered = service_fn(move |request: Request<Incoming>| answer(router.clone(), request, from));
        let mut http = hyper::server::conn::http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(HEAD).max_headers(LINES);
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answered));
        tokio::spawn(async move {
            // What a client does wrong is the client's business.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FINISH, open.shutdown()).await;
    Ok(())
}

async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    from: SocketAddr,
) -> Result<axum::response::Response, std::convert::Infallible> {
    request.extensions_mut().insert(ConnectInfo(from));
    router.oneshot(request).await
}
