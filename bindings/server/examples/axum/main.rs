//! A server that answers for policies: `cargo run -p keyward-server --example axum -- after_hours.wasm …`.
//! In: modules on the command line. Out: an HTTP server on localhost:8080 (or `KEYWARD_ADDRESS`). Refuses to start without a policy.

mod app;

use keyward_server::{Live, Policy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        return Err("name the modules to answer for: axum after_hours.wasm …".into());
    }
    let load = |path: &String| -> Result<Policy, Box<dyn std::error::Error>> {
        Policy::load(&std::fs::read(path)?).map_err(|error| format!("{path}: {error}").into())
    };
    let policies: Vec<Policy> = paths.iter().map(load).collect::<Result<_, _>>()?;
    let live = Live::of(policies);
    let address = std::env::var("KEYWARD_ADDRESS").unwrap_or_else(|_| "localhost:8080".to_string());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("answering for {} on http://{}", live.names().join(", "), listener.local_addr()?);
    axum::serve(listener, app::router(&live)).await?;
    Ok(())
}
