//! Names for editors. In: symbols. Out: JSON with byte offsets. Refuses to know what an editor does with them.

use crate::index::Symbol;
use crate::render::json::{array, object, string};
use crate::source::Sources;
use crate::span::Span;

/// All symbols; owners by their place in the list.
#[must_use]
pub fn json(sources: &Sources, symbols: &[Symbol]) -> String {
    array(symbols.iter().map(|symbol| {
        let mut fields = vec![("kind", string(symbol.kind.word())), ("name", string(&symbol.name))];
        if !symbol.text.is_empty() {
            fields.push(("text", string(&symbol.text)));
        }
        if !symbol.detail.is_empty() {
            fields.push(("detail", string(&symbol.detail)));
        }
        fields.extend(symbol.owner.map(|owner| ("owner", owner.to_string())));
        fields.push(("at", place(sources, symbol.at)));
        fields.push(("paragraph", place(sources, symbol.paragraph)));
        fields.push(("uses", array(symbol.uses.iter().map(|&span| place(sources, span)))));
        object(&fields)
    }))
}

/// A file's name and a range of bytes.
fn place(sources: &Sources, span: Span) -> String {
    let name = sources.get(span.file).map_or("", |source| source.name());
    array([string(name), span.start.to_string(), span.end.to_string()].into_iter())
}
