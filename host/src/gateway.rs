//! Where messages go out. In: an address and a text. Out: a provider that took them, or why not. Texts go to a provider that speaks like
//! Twilio, or to any address as JSON; e-mails by SMTP; for a demo both go to a file. Refuses plain SMTP to another machine, addresses
//! that are no http, redirects, and answers that take longer than ten seconds. A secret comes from a file or the environment, never from
//! the command line, and never stands in an error.

use crate::hook::Hooks;
use jiff::Timestamp;
use keyward_host_core::kinds::Channel;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a provider may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where texts go.
#[derive(Clone)]
pub enum Texts {
    /// A provider with the form of Twilio: `To`, `From`, `Body`, and a name with a secret.
    Twilio {
        /// The address of its `Messages.json`.
        url: String,
        /// The number texts come from.
        from: String,
        /// The account.
        account: String,
        /// Its secret.
        secret: String,
    },
    /// JSON to an address: `id`, `to`, `text`, with a bearer token.
    Webhook {
        /// The address.
        url: String,
        /// The token; empty for none.
        secret: String,
    },
    /// A file.
    File(PathBuf),
    /// Nowhere: nothing that needs a text is promised.
    None,
}

/// Where e-mails go.
#[derive(Clone)]
pub enum Mails {
    /// A server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>, Mailbox),
    /// A file.
    File(PathBuf),
    /// Nowhere.
    None,
}

/// Both.
#[derive(Clone)]
pub struct Gateway {
    /// Other systems that may be told something.
    pub hooks: Hooks,
    texts: Texts,
    mails: Mails,
    client: reqwest::Client,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts = match &self.texts {
            Texts::Twilio { .. } => "a provider like Twilio",
            Texts::Webhook { .. } => "a webhook",
            Texts::File(_) => "a file",
            Texts::None => "nowhere",
        };
        let mails = match &self.mails {
            Mails::Smtp(..) => "SMTP",
            Mails::File(_) => "a file",
            Mails::None => "nowhere",
        };
        write!(out, "texts go to {texts}, e-mails to {mails}")
    }
}

/// An SMTP server, from `smtp://` (this machine only), `smtp+starttls://` or `smtps://`, and who e-mails come from.
pub fn smtp(url: &str, user: Option<&str>, secret: &str, from: &str) -> Result<Mails, String> {
    let from: Mailbox =
        from.parse().map_err(|_| format!("`{from}` is no address such as `Keys <keys@example.org>`"))?;
    let (scheme, place) =
        url.split_once("://").ok_or("an SMTP server is smtp://, smtp+starttls:// or smtps://, then its name")?;
    let (name, port) = match place.trim_end_matches('/').rsplit_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().map_err(|_| format!("`{port}` is no port"))?)),
        None => (place.trim_end_matches('/'), None),
    };
    let unsafe_plain =
        || "smtp:// sends in plain, so it is for this machine only; use smtp+starttls:// or smtps://".to_string();
    let wrong = |error: lettre::transport::smtp::Error| format!("{name}: {error}");
    let builder = match scheme {
        "smtps" => AsyncSmtpTransport::<Tokio1Executor>::relay(name).map_err(wrong)?,
        "smtp+starttls" => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(name).map_err(wrong)?,
        "smtp" if matches!(name, "localhost" | "127.0.0.1" | "[::1]") => {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(name)
        }
        "smtp" => return Err(unsafe_plain()),
        other => return Err(format!("`{other}` is not one of smtp, smtp+starttls, smtps")),
    };
    let builder = builder.timeout(Some(PATIENCE));
    let builder = if let Some(port) = port { builder.port(port) } else { builder };
    let builder = match user {
        Some(user) => builder.credentials(Credentials::new(user.to_string(), secret.to_string())),
        None => builder,
    };
    Ok(Mails::Smtp(Box::new(builder.build()), from))
}

fn http(url: &str) -> Result<(), String> {
    match url.starts_with("https://") || url.starts_with("http://") {
        true => Ok(()),
        false => Err(format!("`{url}` is no http or https address")),
    }
}

impl Gateway {
    /// From where texts and e-mails go.
    pub fn new(texts: Texts, mails: Mails) -> Result<Gateway, String> {
        if let Texts::Twilio { url, .. } | Texts::Webhook { url, .. } = &texts {
            http(url)?;
        }
        // Done once for the process; when it is done already, that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build();
        let client = client.map_err(|error| error.to_string())?;
        Ok(Gateway { hooks: Hooks::default(), texts, mails, client })
    }

    /// Both to one file: the demo, where one can read what a person would get.
    pub fn file(path: PathBuf) -> Result<Gateway, String> {
        Gateway::new(Texts::File(path.clone()), Mails::File(path))
    }

    /// Hands a message over. `id` stays the same when it comes again.
    pub async fn send(&self, id: &str, channel: Channel, to: &str, text: &str, at: Timestamp) -> Result<(), String> {
        match (channel, &self.texts, &self.mails) {
            (Channel::Sms, Texts::Twilio { url, from, account, secret }, _) => {
                let form = [("To", to), ("From", from), ("Body", text)];
                let request = self.client.post(url).basic_auth(account, Some(secret)).form(&form);
                told(request.send().await)
            }
            (Channel::Sms, Texts::Webhook { url, secret }, _) => {
                let request = self.client.post(url).header("Idempotency-Key", id);
                let request = if secret.is_empty() { request } else { request.bearer_auth(secret) };
                told(request.json(&json!({ "id": id, "to": to, "text": text })).send().await)
            }
            (Channel::Email, _, Mails::Smtp(server, from)) => mail(server, from, id, to, text).await,
            (Channel::Sms, Texts::File(path), _) | (Channel::Email, _, Mails::File(path)) => {
                let line = json!({ "at": at.to_string(), "id": id, "by": channel, "to": to, "text": text });
                written(path.clone(), line).await
            }
            (Channel::Webhook, ..) => Err("a webhook is told in another way".to_string()),
            (Channel::Sms, Texts::None, _) => Err("no gateway for texts is set up".to_string()),
            (Channel::Email, _, Mails::None) => Err("no gateway for e-mails is set up".to_string()),
        }
    }
}

/// What a provider answered; its words stay out of the log, since they may repeat the text.
fn told(answer: Result<reqwest::Response, reqwest::Error>) -> Result<(), String> {
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("the provider answered {}", answer.status().as_u16())),
        Err(error) if error.is_timeout() => Err("the provider did not answer in time".to_string()),
        Err(_) => Err("the provider could not be reached".to_string()),
    }
}

async fn mail(
    server: &AsyncSmtpTransport<Tokio1Executor>,
    from: &Mailbox,
    id: &str,
    to: &str,
    text: &str,
) -> Result<(), String> {
    let to = to.parse().map_err(|_| "the address is none".to_string())?;
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .subject("Your keys")
        .body(text.to_string())
        .map_err(|error| error.to_string())?;
    match server.send(message).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_timeout() => Err("the mail server did not answer in time".to_string()),
        Err(error) => Err(match error.status() {
            Some(code) => format!("the mail server answered {code}"),
            None => "the mail server could not be reached".to_string(),
        }),
    }
}

async fn written(path: PathBuf, line: Value) -> Result<(), String> {
    let written = tokio::task::spawn_blocking(move || append(&path, &format!("{line}\n")));
    written.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

fn append(path: &Path, line: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(line.as_bytes())
}
