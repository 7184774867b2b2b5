//! The command line of the host. In: arguments, the environment. Out: a server, or an answer and an exit code: 0 well, 1 something does not
//! hold, 2 it was asked wrongly.
#![forbid(unsafe_code)]

use clap::{Parser, Subcommand};
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use keyward_host::gateway::{self, Gateway, Mails, Texts};
use keyward_host::hook::Hooks;
use keyward_host::http::{Limits, signature_text};
use keyward_host::keys::{Keys, hex, unhex, write_private};
use keyward_host::operate;
use keyward_host::serve::{Host, Settings, database};
use keyward_host::store::Store;
use keyward_host::store::db::Db;
use keyward_host::verify;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// The reference host of Keyward.
#[derive(Parser)]
#[command(name = "keyward-host", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Args)]
struct Place {
    /// The folder of the data
    #[arg(long, env = "KEYWARD_DATA", default_value = "keyward-data")]
    data: PathBuf,
    /// The file of the master key; made when it is missing. Keep a copy apart from the data
    #[arg(long, env = "KEYWARD_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// A file with the address of a PostgreSQL database, for several hosts; none: SQLite in the folder
    #[arg(long, env = "KEYWARD_DATABASE_FILE")]
    database_file: Option<PathBuf>,
}

impl Place {
    fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data.join("master.key"))
    }

    fn database(&self) -> Result<Option<String>, String> {
        let read =
            |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
        self.database_file.as_ref().map(|path| read(path).map(|text| text.trim().to_string())).transpose()
    }
}

/// How often an address may ask.
#[derive(clap::Args)]
struct Limited {
    /// Requests a second from one address, over some time; 0 for any number. Signed requests of boxes are not counted
    #[arg(long, env = "KEYWARD_REQUESTS_PER_SECOND", default_value_t = 50)]
    requests_per_second: u32,
    /// Tries a minute from one address where something can be guessed: signing in, resets, links, enrolment; 0 for any number
    #[arg(long, env = "KEYWARD_GUESSES_PER_MINUTE", default_value_t = 30)]
    guesses_per_minute: u32,
    /// The address of a proxy in front, whose X-Forwarded-For counts; may be given again
    #[arg(long, env = "KEYWARD_TRUSTED_PROXIES", value_delimiter = ',')]
    trusted_proxy: Vec<std::net::IpAddr>,
}

impl Limited {
    fn limits(self) -> Limits {
        Limits::new(self.requests_per_second, self.guesses_per_minute, self.trusted_proxy)
    }
}

/// Where messages go. Secrets come from files.
#[derive(clap::Args)]
struct Messages {
    /// Write all messages to this file instead of sending them
    #[arg(long, env = "KEYWARD_OUTBOX_FILE", conflicts_with_all = ["sms_url", "smtp_url"])]
    outbox_file: Option<PathBuf>,
    /// Where texts are posted: with an account as a form like Twilio's, without one as JSON
    #[arg(long, env = "KEYWARD_SMS_URL")]
    sms_url: Option<String>,
    /// The account at the provider of texts
    #[arg(long, env = "KEYWARD_SMS_ACCOUNT", requires_all = ["sms_url", "sms_from"])]
    sms_account: Option<String>,
    /// The number that texts come from
    #[arg(long, env = "KEYWARD_SMS_FROM")]
    sms_from: Option<String>,
    /// The file of the secret of the provider of texts
    #[arg(long, env = "KEYWARD_SMS_SECRET_FILE")]
    sms_secret_file: Option<PathBuf>,
    /// A host on the internet that alerts may be sent to by https, as NAME or NAME:PORT; may be given again
    #[arg(long, env = "KEYWARD_WEBHOOK_HOSTS", value_delimiter = ',')]
    webhook_host: Vec<String>,
    /// The same for a host of your own network, also by http
    #[arg(long, env = "KEYWARD_WEBHOOK_PRIVATE_HOSTS", value_delimiter = ',')]
    webhook_private_host: Vec<String>,
    /// The mail server: smtps://NAME, smtp+starttls://NAME, or smtp://localhost
    #[arg(long, env = "KEYWARD_SMTP_URL", requires = "mail_from")]
    smtp_url: Option<String>,
    /// The user at the mail server
    #[arg(long, env = "KEYWARD_SMTP_USER")]
    smtp_user: Option<String>,
    /// The file of the password at the mail server
    #[arg(long, env = "KEYWARD_SMTP_SECRET_FILE")]
    smtp_secret_file: Option<PathBuf>,
    /// Who e-mails come from, such as `Keys <keys@example.org>`
    #[arg(long, env = "KEYWARD_MAIL_FROM")]
    mail_from: Option<String>,
}

impl Messages {
    fn gateway(self) -> Result<Gateway, String> {
        let hooks = Hooks::new(&self.webhook_host, &self.webhook_private_host);
        let mut gateway = self.messages()?;
        gateway.hooks = hooks;
        Ok(gateway)
    }

    fn messages(self) -> Result<Gateway, String> {
        if let Some(path) = self.outbox_file {
            return Gateway::file(path);
        }
        let secret = |path: &Option<PathBuf>| match path {
            Some(path) => std::fs::read_to_string(path)
                .map(|text| text.trim().to_string())
                .map_err(|error| format!("{}: {error}", path.display())),
            None => Ok(String::new()),
        };
        let sms = secret(&self.sms_secret_file)?;
        let texts = match (self.sms_url, self.sms_account) {
            (Some(url), Some(account)) => {
                Texts::Twilio { url, account, secret: sms, from: self.sms_from.unwrap_or_default() }
            }
            (Some(url), None) => Texts::Webhook { url, secret: sms },
            (None, _) => Texts::None,
        };
        let mails = match self.smtp_url {
            Some(url) => {
                let from = self.mail_from.unwrap_or_default();
                gateway::smtp(&url, self.smtp_user.as_deref(), &secret(&self.smtp_secret_file)?, &from)?
            }
            None => Mails::None,
        };
        Gateway::new(texts, mails)
    }
}

/// What a host is told.
#[derive(clap::Args)]
struct Served {
    #[command(flatten)]
    place: Place,
    /// Where to listen
    #[arg(long, env = "KEYWARD_LISTEN", default_value = "127.0.0.1:8420")]
    listen: String,
    /// The address people reach the host by, if another one stands in front of it
    #[arg(long, env = "KEYWARD_ADDRESS")]
    address: Option<String>,
    /// Where Prometheus finds what is counted, such as 127.0.0.1:9420; nowhere unless it is said
    #[arg(long, env = "KEYWARD_METRICS_LISTEN")]
    metrics_listen: Option<String>,
    #[command(flatten)]
    messages: Messages,
    #[command(flatten)]
    limits: Limited,
}

impl Served {
    fn settings(self) -> Result<Settings, String> {
        Ok(Settings {
            key_file: self.place.key_file(),
            database: self.place.database()?,
            data: self.place.data,
            listen: self.listen,
            address: self.address,
            metrics: self.metrics_listen,
            gateway: self.messages.gateway()?,
            limits: self.limits.limits(),
            cheap: false,
        })
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Serve(Box<Served>),
    /// Say whether a host with these settings would start, and what stands in its way
    Check(Box<Served>),
    /// Bring the tables of a database to the version of this host; serving does that as well
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// Copy a SQLite database that may be in use, and verify the copy. The master key is not in it
    Backup {
        #[command(flatten)]
        place: Place,
        /// The file to make
        #[arg(long)]
        to: PathBuf,
    },
    /// Verify a copy, and put it into an empty folder
    Restore {
        #[command(flatten)]
        place: Place,
        /// The copy
        #[arg(long)]
        from: PathBuf,
        /// A signed checkpoint that the copy must not be older than
        #[arg(long)]
        checkpoint: Option<PathBuf>,
    },
    /// Verify the log of a database, or of an export with its checkpoint
    Verify {
        #[command(flatten)]
        place: Place,
        /// Lines of a log, as `GET /v1/ORG/log` gives them
        #[arg(long, requires_all = ["checkpoint", "public_key"])]
        export: Option<PathBuf>,
        /// The signed checkpoint
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// The public key of the log, as `keyward-host public-key` gives it
        #[arg(long)]
        public_key: Option<String>,
    },
    /// Print the public key that checkpoints of a log are verified with
    PublicKey {
        #[command(flatten)]
        place: Place,
        /// The name of the log: the first line of its checkpoints
        origin: String,
    },
    /// Fill an empty folder with an organization to look at, and two weeks behind it
    Demo {
        #[command(flatten)]
        place: Place,
    },
    /// Ask a running host whether it is ready
    Healthcheck {
        /// Where it listens
        #[arg(long, env = "KEYWARD_LISTEN", default_value = "127.0.0.1:8420")]
        listen: String,
    },
    /// Make the key of a box, and print its public half
    BoxKey {
        /// The file
        file: PathBuf,
    },
    /// Print the headers with which a box signs a request, for `curl -H @-`
    BoxSign {
        /// The file of its key
        file: PathBuf,
        /// GET or POST
        method: String,
        /// The path, from `/v1`
        path: String,
        /// The body; `-` reads it
        #[arg(default_value = "")]
        body: String,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("keyward-host: {why}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Serve(served) => blocking(serve(served.settings()?))?,
        Command::Check(served) => {
            let found = blocking(operate::check(&served.settings()?))?;
            for (what, state) in &found {
                match state {
                    Ok(shown) => println!("ok     {what}: {shown}"),
                    Err(why) => println!("wrong  {what}: {why}"),
                }
            }
            let fine = found.iter().all(|(_, state)| state.is_ok());
            Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Migrate { place } => blocking(async {
            let db = match place.database()? {
                Some(url) => Db::server(&url).await,
                None => Db::file(&database(&place.data)).await,
            };
            let keys = Keys::at(&place.key_file())?;
            let store = async { Store::open(db?, keys).await }.await;
            Ok(told(store.map(|_| "the tables are those of this host".to_string()).map_err(|error| error.to_string())))
        })?,
        Command::Backup { place, to } => {
            if place.database_file.is_some() {
                return Err("a PostgreSQL database is copied by pg_dump, from one transaction".to_string());
            }
            let found = blocking(operate::backup(&place.data, &place.key_file(), &to))?;
            Ok(told(found.map(|all| {
                format!("{}\n{} holds; the master key is not in it, keep that elsewhere", sounds(&all), to.display())
            })))
        }
        Command::Restore { place, from, checkpoint } => {
            let read =
                |path: &PathBuf| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
            let note = checkpoint.as_ref().map(read).transpose()?;
            let found = blocking(operate::restore(&from, &place.data, &place.key_file(), note.as_deref()))?;
            Ok(told(found.map(|all| sounds(&all))))
        }
        Command::Verify { export: Some(export), checkpoint: Some(checkpoint), public_key: Some(key), .. } => {
            let read =
                |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
            Ok(told(
                verify::export(&read(&export)?, &read(&checkpoint)?, &key)
                    .map(|entries| format!("{entries} entries hold")),
            ))
        }
        Command::Verify { place, .. } => blocking(async {
            let path = database(&place.data);
            let db = match place.database()? {
                Some(url) => Db::server(&url).await,
                None if path.exists() => Db::file(&path).await,
                None => return Err(format!("{}: there is no database", path.display())),
            };
            let keys = Keys::at(&place.key_file())?;
            let store = async { Store::open(db?, keys).await }.await.map_err(|error| error.to_string())?;
            let found = verify::database(&store).await;
            Ok(told(found.map(|all| sounds(&all))))
        })?,
        Command::PublicKey { place, origin } => {
            println!("{}", Keys::at(&place.key_file())?.signer(&origin)?.public_key());
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo { place } => blocking(fill(place))?,
        Command::Healthcheck { listen } => healthcheck(&listen),
        Command::BoxKey { file } => {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).map_err(|error| format!("no random numbers: {error}"))?;
            write_private(&file, &hex(&seed)).map_err(|error| format!("{}: {error}", file.display()))?;
            println!("{}", hex(SigningKey::from_bytes(&seed).verifying_key().as_bytes()));
            Ok(ExitCode::SUCCESS)
        }
        Command::BoxSign { file, method, path, body } => box_sign(&file, &method, &path, body),
    }
}

/// What was found of each organization, a line each.
fn sounds(all: &[verify::Sound]) -> String {
    let lines = all.iter().map(|sound| format!("{}: {} entries hold, {}", sound.slug, sound.entries, sound.root));
    lines.collect::<Vec<_>>().join("\n")
}

fn told(found: Result<String, String>) -> ExitCode {
    match found {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("keyward-host: {why}");
            ExitCode::FAILURE
        }
    }
}

fn blocking<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    Ok(runtime.block_on(work))
}

async fn serve(settings: Settings) -> Result<ExitCode, String> {
    let gateway = settings.gateway.clone();
    let host = Host::open(settings, Arc::new(Timestamp::now)).await?;
    println!("keyward-host listens on {}; {gateway:?}", host.app.address);
    if let Some(token) = &host.token {
        println!("There is no organization yet. Setup token, good once and for an hour: {token}");
    }
    host.serve(stopped()).await?;
    println!("keyward-host has stopped");
    Ok(ExitCode::SUCCESS)
}

async fn fill(place: Place) -> Result<ExitCode, String> {
    let (key_file, database) = (place.key_file(), place.database()?);
    let data = place.data;
    let gateway = Gateway::new(Texts::None, Mails::None)?;
    let listen = "127.0.0.1:0".to_string();
    let settings = Settings {
        data: data.clone(),
        database,
        key_file,
        listen,
        address: None,
        gateway,
        metrics: None,
        limits: Limits::new(0, 0, Vec::new()),
        cheap: false,
    };
    let now = Timestamp::now();
    let hand = Arc::new(Mutex::new(now));
    let clock = {
        let hand = Arc::clone(&hand);
        Arc::new(move || *hand.lock().unwrap_or_else(PoisonError::into_inner))
    };
    let host = Host::open(settings, clock).await?;
    let told = keyward_host::demo::make(&host.app.writer, &host.app.stretcher, hand, &data, now).await?;
    let file = data.join("demo.txt");
    write_private(&file, &told).map_err(|error| format!("{}: {error}", file.display()))?;
    print!("{told}");
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C, or what a service manager sends.
async fn stopped() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            return interrupt.await;
        };
        tokio::select! {
            () = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

fn healthcheck(listen: &str) -> Result<ExitCode, String> {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect(listen).map_err(|error| format!("{listen}: {error}"))?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).map_err(|error| error.to_string())?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {listen}\r\nConnection: close\r\n\r\n")
        .map_err(|error| error.to_string())?;
    let mut answer = String::new();
    stream.take(4_096).read_to_string(&mut answer).map_err(|error| error.to_string())?;
    Ok(told(if answer.starts_with("HTTP/1.1 200") { Ok("ready".to_string()) } else { Err("not ready".to_string()) }))
}

fn box_sign(file: &Path, method: &str, path: &str, mut body: String) -> Result<ExitCode, String> {
    if body == "-" {
        body.clear();
        std::io::stdin().read_to_string(&mut body).map_err(|error| error.to_string())?;
    }
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let seed =
        unhex(text.trim()).ok_or_else(|| format!("{}: the key of a box is 64 hexadecimal digits", file.display()))?;
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|error| format!("no random numbers: {error}"))?;
    let (nonce, time) = (hex(&nonce), Timestamp::now().as_millisecond());
    let text = signature_text(method, path, time, &nonce, body.as_bytes());
    let signature = SigningKey::from_bytes(&seed).sign(text.as_bytes()).to_bytes();
    println!("Keyward-Time: {time}\nKeyward-Request: {nonce}\nKeyward-Signature: {}", hex(&signature));
    Ok(ExitCode::SUCCESS)
}
