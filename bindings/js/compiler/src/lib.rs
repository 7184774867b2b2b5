//! The compiler for JavaScript. In: files and wishes as JavaScript objects. Out: text, JSON, bytes, numbers that may be large as
//! BigInt. What is wrong with a policy is data; an exception is the caller's mistake. Refuses to do anything but translate;
//! `project` does the work, and its own package of JavaScript (`bindings/js/compiler/src`) makes it pleasant.

pub mod project;

use keyward::report::types::Language;
use project::{Files, Look, Trouble};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// Most bytes of all files together.
const LARGEST: usize = 8 << 20;
/// Most bytes of a log.
const LARGEST_LOG: usize = 64 << 20;

#[derive(Deserialize)]
struct File {
    name: String,
    text: String,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Wish {
    decision: Option<String>,
    answers: Vec<String>,
    only: String,
    form: Option<String>,
    otherwise: bool,
    from: i64,
    audience: Option<String>,
    given: BTreeMap<String, String>,
}

/// What a module consists of.
#[derive(Serialize)]
struct Sizes {
    bytes: usize,
    table: usize,
    code: Option<usize>,
    nodes: usize,
    steps: usize,
}

fn misuse(error: impl std::fmt::Display) -> JsValue {
    js_sys::Error::new(&error.to_string()).into()
}

/// An answer, or why there is none: `{text}`, `{diagnostics}` or `{reason}`.
fn answer(found: Result<String, Trouble>) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    let (key, value) = match found {
        Ok(text) => ("text", text),
        Err(Trouble::Found(diagnostics)) => ("diagnostics", diagnostics),
        Err(Trouble::TooMuch(reason)) => ("reason", reason),
        Err(Trouble::Misuse(message)) => return Err(misuse(message)),
    };
    set(&object, key, &value.into())?;
    Ok(object.into())
}

fn set(object: &js_sys::Object, key: &str, value: &JsValue) -> Result<(), JsValue> {
    js_sys::Reflect::set(object, &key.into(), value).map(|_| ())
}

fn wish(value: JsValue) -> Result<Wish, JsValue> {
    if value.is_undefined() { Ok(Wish::default()) } else { serde_wasm_bindgen::from_value(value).map_err(misuse) }
}

impl Wish {
    fn look(&self) -> Look {
        Look { decision: self.decision.clone(), answers: self.answers.clone(), only: self.only.clone() }
    }

    fn form(&self) -> &str {
        self.form.as_deref().unwrap_or("json")
    }
}

/// Files that were read.
#[wasm_bindgen]
pub struct Project {
    files: Files,
}

#[wasm_bindgen]
impl Project {
    /// Reads files, `[{name, text}, …]`; `lock` is the name of the one that is the lock of the others.
    #[wasm_bindgen(constructor)]
    pub fn new(files: JsValue, lock: Option<String>) -> Result<Project, JsValue> {
        let files: Vec<File> = serde_wasm_bindgen::from_value(files).map_err(misuse)?;
        if files.iter().map(|file| file.text.len()).sum::<usize>() > LARGEST {
            return Err(misuse(format!("the files have more than {LARGEST} bytes together")));
        }
        let files = files.into_iter().map(|file| (file.name, file.text));
        Ok(Project { files: Files::new(files, lock.as_deref()) })
    }

    /// What is wrong and what is proved.
    pub fn check(&mut self, name: &str) -> Result<JsValue, JsValue> {
        answer(self.files.check(name))
    }

    /// The file in its one spelling; undefined while it cannot be read.
    pub fn format(&self, name: &str) -> Result<Option<String>, JsValue> {
        self.files.format(name).map_err(|trouble| misuse(format!("{trouble:?}")))
    }

    /// The module.
    pub fn build(&mut self, name: &str, strip: bool, trial: bool) -> Result<JsValue, JsValue> {
        let made = match self.files.build(name, strip, trial) {
            Ok(made) => made,
            Err(trouble) => return answer(Err(trouble)),
        };
        let sizes = Sizes {
            bytes: made.bytes.len(),
            table: made.table.len(),
            code: made.code_bytes,
            nodes: made.nodes,
            steps: made.steps,
        };
        let object = js_sys::Object::new();
        set(&object, "module", &js_sys::Uint8Array::from(made.bytes.as_slice()))?;
        set(&object, "sizes", &serde_wasm_bindgen::to_value(&sizes).map_err(misuse)?)?;
        set(&object, "schema", &js_sys::BigInt::from(made.schema_hash))?;
        Ok(object.into())
    }

    /// Types for another language: typescript, c or rust.
    pub fn types(&mut self, name: &str, language: &str) -> Result<JsValue, JsValue> {
        let language = match language {
            "typescript" => Language::TypeScript,
            "c" => Language::C,
            "rust" => Language::Rust,
            other => return Err(misuse(format!("types are for typescript, c or rust, not {other}"))),
        };
        answer(self.files.types(name, language))
    }

    /// Decision tables.
    pub fn table(&mut self, name: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let wish = wish(options)?;
        answer(self.files.table(name, &wish.look(), wish.otherwise, wish.form()))
    }

    /// The diagram of an answer.
    pub fn draw(&mut self, name: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let wish = wish(options)?;
        answer(self.files.draw(name, &wish.look(), wish.form()))
    }

    /// The hours of a year.
    pub fn year(&mut self, name: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let wish = wish(options)?;
        answer(self.files.year(name, wish.from, wish.form()))
    }

    /// Why a packed request is answered as it is, and what would change it.
    pub fn why(&mut self, name: &str, packed: &[u8], options: JsValue) -> Result<JsValue, JsValue> {
        let wish = wish(options)?;
        let audience = wish.audience.as_deref().unwrap_or("author");
        answer(self.files.why(name, packed, &wish.given, &wish.look(), audience))
    }

    /// What the tests leave untried.
    pub fn cases(&mut self, name: &str) -> Result<JsValue, JsValue> {
        answer(self.files.cases(name))
    }

    /// What changes from a file of an older place.
    pub fn diff(&mut self, name: &str, older: &mut Project, old: &str, options: JsValue) -> Result<JsValue, JsValue> {
        let markdown = wish(options)?.form() == "markdown";
        answer(self.files.diff(name, &mut older.files, old, markdown))
    }

    /// Past decisions decided again.
    pub fn replay(&mut self, name: &str, older: &mut Project, old: &str, log: &str) -> Result<JsValue, JsValue> {
        if log.len() > LARGEST_LOG {
            return Err(misuse(format!(
                "the log has more than {LARGEST_LOG} bytes; replay it with the keyward command"
            )));
        }
        answer(self.files.replay(name, &mut older.files, old, log))
    }

    /// Every name, its place and its uses.
    pub fn names(&self) -> String {
        self.files.names()
    }

    /// What people call things.
    pub fn schema(&mut self, name: &str) -> Result<JsValue, JsValue> {
        answer(self.files.schema(name))
    }

    /// Shares of the request space.
    pub fn shares(&mut self, name: &str) -> Result<JsValue, JsValue> {
        answer(self.files.shares(name))
    }
}

/// What may be written behind a text: `{words, name, value}`.
#[wasm_bindgen]
pub fn fitting(before: &str) -> Result<JsValue, JsValue> {
    let found = keyward::parse::fitting(before);
    let object = js_sys::Object::new();
    let words: js_sys::Array = found.words.iter().map(|word| JsValue::from_str(word)).collect();
    set(&object, "words", &words)?;
    set(&object, "name", &found.name.into())?;
    set(&object, "value", &found.value.into())?;
    Ok(object.into())
}

/// The page of a diagnostic code; undefined if there is none of it.
#[wasm_bindgen]
#[must_use]
pub fn page(code: &str) -> Option<String> {
    keyward::codes::Code::parse(code).and_then(keyward::codes::Code::entry).map(|entry| entry.page.to_owned())
}

/// What this compiler is.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Counts so large that only BigInt holds them, from decimal digits.
#[wasm_bindgen]
pub fn count(digits: &str) -> Result<js_sys::BigInt, JsValue> {
    js_sys::BigInt::new(&digits.into()).map_err(Into::into)
}
