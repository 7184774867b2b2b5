//! A running host. In: a folder and an address. Out: a server that answers until it is told to stop, and then finishes what it began.

use crate::gateway::Gateway;
use crate::http::{App, Limits, router};
use crate::keys::{Keys, hex};
use crate::listen;
use crate::outbox;
use crate::secret::Stretcher;
use crate::store::Store;
use crate::store::db::Db;
use crate::writer::{Clock, Writer};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What a host is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the data is.
    pub data: PathBuf,
    /// The address of a PostgreSQL database; none: a file in the folder.
    pub database: Option<String>,
    /// The file of the master key.
    pub key_file: PathBuf,
    /// Where it listens.
    pub listen: String,
    /// How people reach it; none: by where it listens.
    pub address: Option<String>,
    /// Where messages go.
    pub gateway: Gateway,
    /// Where Prometheus finds what is counted; none: nowhere.
    pub metrics: Option<String>,
    /// How often addresses may ask.
    pub limits: Limits,
    /// Cheap stretching of passwords, for tests.
    pub cheap: bool,
}

/// A host that is ready to serve.
pub struct Host {
    /// What handlers need.
    pub app: App,
    /// Where it listens.
    pub listener: TcpListener,
    /// The setup token, if there is no organization yet.
    pub token: Option<String>,
    gateway: Gateway,
    metrics: Option<TcpListener>,
}

/// The file of the database in a folder.
#[must_use]
pub fn database(data: &Path) -> PathBuf {
    data.join("keyward.db")
}

impl Host {
    /// Opens everything.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Host, String> {
        std::fs::create_dir_all(&settings.data).map_err(|error| format!("{}: {error}", settings.data.display()))?;
        let keys = Keys::at(&settings.key_file)?;
        let db = match &settings.database {
            Some(url) => Db::server(url).await,
            None => Db::file(&database(&settings.data)).await,
        };
        let store = async { Store::open(db?, keys.clone()).await }.await.map_err(|error| error.to_string())?;
        let writer =
            Writer::start(store.clone(), keys.clone(), Arc::clone(&clock)).await.map_err(|error| error.to_string())?;
        let listener =
            TcpListener::bind(&settings.listen).await.map_err(|error| format!("{}: {error}", settings.listen))?;
        let metrics = match &settings.metrics {
            Some(place) => Some(TcpListener::bind(place).await.map_err(|error| format!("{place}: {error}"))?),
            None => None,
        };
        let bound = listener.local_addr().map_err(|error| error.to_string())?;
        let address = settings.address.unwrap_or_else(|| format!("http://{bound}"));
        let first = store.is_empty().await.map_err(|error| error.to_string())?;
        let token = if first { Some(token()?) } else { None };
        let hour = (clock)().saturating_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
        let app = App {
            writer,
            store,
            stretcher: Stretcher::new(keys.clone(), settings.cheap),
            keys,
            clock,
            hooks: settings.gateway.hooks.clone(),
            limits: settings.limits,
            metrics: Arc::default(),
            address,
            setup: Arc::new(Mutex::new(token.clone().map(|token| (token, hour)))),
            nonces: Arc::new(Mutex::new(HashMap::new())),
            heard: Arc::new(Mutex::new(HashMap::new())),
        };
        Ok(Host { app, listener, token, gateway: settings.gateway, metrics })
    }

    /// Serves until `stop` is done.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), String> {
        let App { store, writer, clock, .. } = self.app.clone();
        // Compiling the policies takes a moment; the first request need not wait for it.
        let warm = tokio::task::spawn_blocking(|| {
            keyward_host_core::shelf::warm();
        });
        let sender = tokio::spawn(outbox::deliver(store.clone(), writer.clone(), self.gateway, Arc::clone(&clock)));
        let counted = self.metrics.map(|listener| {
            let (metrics, store, writer) = (Arc::clone(&self.app.metrics), store.clone(), writer.clone());
            let text = axum::routing::get(move || {
                let (metrics, store, writer) = (Arc::clone(&metrics), store.clone(), writer.clone());
                async move { metrics.text(&store, &writer).await }
            });
            let router = axum::Router::new().route("/metrics", text);
            tokio::spawn(listen::serve(listener, router, std::future::pending()))
        });
        let ticker = tokio::spawn(outbox::tick(store, writer, clock));
        let served = listen::serve(self.listener, router(self.app), stop).await;
        for task in [sender, ticker] {
            task.abort();
        }
        warm.abort();
        if let Some(counted) = counted {
            counted.abort();
        }
        served
    }
}

fn token() -> Result<String, String> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|error| format!("no random numbers: {error}"))?;
    Ok(hex(&bytes))
}
