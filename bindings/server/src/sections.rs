//! Reading the custom sections. In: bytes. Out: schema, identity, reasons; or nothing when a section is malformed.
//! Refuses to know how they are used.

use crate::schema::{
    AnswerInfo, AnswerKind, DecisionInfo, Default, Identity, InputInfo, InputType, Origin, Promise, Reasons, RuleWords,
    Schema,
};

/// Bytes still to be read.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in (0..35).step_by(7) {
            let byte = self.u8()?;
            let part = u32::from(byte & 0x7F);
            if part != 0 && part.checked_shl(shift)? >> shift != part {
                return None;
            }
            value |= part.checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        // Nothing listed takes less than a byte.
        let count = self.number()? as usize;
        (count <= self.bytes.len()).then_some(count)
    }

    fn text(&mut self) -> Option<String> {
        let len = self.number()? as usize;
        String::from_utf8(self.take(len)?.to_vec()).ok()
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        (0..self.count()?).map(|_| self.text()).collect()
    }
}

/// Reads `keyward.schema` and `keyward.outcomes`.
pub(crate) fn schema(schema: &[u8], outcomes: &[u8], hash: u32) -> Option<Schema> {
    let mut it = Reader { bytes: schema };
    if it.number()? != 1 {
        return None;
    }
    let request_len = it.number()? as usize;
    let short_len = it.number()? as usize;
    let identifiers: Option<Vec<_>> = (0..it.count()?).map(|_| Some((it.text()?, it.texts()?))).collect();
    let mut inputs: Vec<InputInfo> = Vec::new();
    for _ in 0..it.count()? {
        let next = input(&mut it, inputs.last().map_or("", |before| before.name.as_str()))?;
        inputs.push(next);
    }
    for input in &mut inputs {
        input.default = default(&mut it, &input.ty)?;
    }
    let decisions = decisions(&mut Reader { bytes: outcomes })?;
    Some(Schema { hash, request_len, short_len, identifiers: identifiers?, inputs, decisions })
}

fn input(it: &mut Reader, before: &str) -> Option<InputInfo> {
    let shared = it.number()? as usize;
    let name = before.get(..shared)?.to_string() + &it.text()?;
    let flags = it.u8()?;
    let slot = it.number()? as usize;
    let known = it.number()? as usize;
    let known_count = it.number()? as usize;
    let origin = match flags & 3 {
        0 => Origin::Input,
        1 => Origin::Setting,
        2 => Origin::OutsideGroup(it.number()? as usize),
        _ => Origin::OutsideCalendar(it.number()? as usize),
    };
    let ty = match flags >> 4 {
        0 => InputType::YesNo,
        1 => InputType::OneOf(it.texts()?),
        2 => InputType::SetOf(it.texts()?),
        3 => InputType::Number(it.number()?, it.number()?),
        4 => InputType::Duration(it.number()?, it.number()?),
        5 => InputType::Moment(it.number()? as usize, it.text()?),
        6 => InputType::Date(it.u32()? as i32, it.u32()? as i32),
        7 => InputType::Time,
        8 => InputType::Identifier(it.number()? as usize),
        _ => return None,
    };
    let (optional, fixed) = (flags & 4 != 0, flags & 8 != 0);
    Some(InputInfo { name, origin, ty, optional, fixed, default: None, slot, known, known_count })
}

fn default(it: &mut Reader, ty: &InputType) -> Option<Option<Default>> {
    if it.u8()? == 0 {
        return Some(None);
    }
    Some(Some(match it.u8()? {
        0 => Default::NotSet,
        1 => {
            let value = it.number()?;
            let minute = if matches!(ty, InputType::Moment(..)) { it.number()? } else { 0 };
            Default::Number(value, minute)
        }
        2 => Default::Identifier(it.text()?),
        _ => return None,
    }))
}

fn decisions(it: &mut Reader) -> Option<Vec<DecisionInfo>> {
    let mut decisions = Vec::new();
    for _ in 0..it.count()? {
        let name = it.text()?;
        let answers: Option<Vec<AnswerInfo>> = (0..it.count()?).map(|_| answer(it)).collect();
        decisions.push(DecisionInfo { name, answers: answers? });
    }
    Some(decisions)
}

fn answer(it: &mut Reader) -> Option<AnswerInfo> {
    let name = it.text()?;
    let flags = it.u8()?;
    let word = it.number()? as usize;
    let kind = match flags & 0x7F {
        0 => AnswerKind::OneOf(it.texts()?),
        1 => AnswerKind::Strictest(it.texts()?),
        2 => {
            let duty = it.number()? as usize;
            AnswerKind::SetOf(it.texts()?, duty)
        }
        3 => AnswerKind::Shortest(it.number()?),
        4 => AnswerKind::YesNo,
        _ => return None,
    };
    Some(AnswerInfo { name, kind, blankable: flags & 0x80 != 0, word })
}

/// Reads `keyward.id`: the identity, and the schema hash it was made for.
pub(crate) fn identity(bytes: &[u8]) -> Option<(Identity, u32)> {
    let mut it = Reader { bytes };
    if it.number()? != 1 {
        return None;
    }
    let (edition, name, version, title) = (it.number()?, it.text()?, it.number()?, it.text()?);
    let source = it.take(32)?.try_into().ok()?;
    let hash = it.u32()?;
    let (compiler, tests, asserts) = (it.text()?, it.number()?, it.number()?);
    let (requests, fingerprint) = (it.text()?, it.take(16)?.try_into().ok()?);
    let promises = Vec::new();
    let identity =
        Identity { edition, name, version, title, source, compiler, tests, asserts, requests, fingerprint, promises };
    Some((identity, hash))
}

/// Reads `keyward.proof`: as many promises as the identity says.
pub(crate) fn promises(bytes: &[u8], asserts: u32) -> Option<Vec<Promise>> {
    let mut it = Reader { bytes };
    if it.number()? != 1 || it.number()? != asserts {
        return None;
    }
    (0..asserts).map(|_| promise(&mut it)).collect()
}

fn promise(it: &mut Reader) -> Option<Promise> {
    let form = *["never", "always", "possible", "unchanged", "changes"].get(usize::from(it.u8()?))?;
    let (name, policy) = (it.text()?, it.text()?);
    Some(Promise { form, name, policy: (!policy.is_empty()).then_some(policy) })
}

/// Reads `keyward.reasons`.
pub(crate) fn reasons(bytes: &[u8], decisions: usize) -> Option<Reasons> {
    let mut it = Reader { bytes };
    if it.number()? != 1 {
        return None;
    }
    it.text()?;
    let rules: Option<Vec<RuleWords>> = (0..it.count()?).map(|_| words(&mut it)).collect();
    let normally: Option<Vec<RuleWords>> = (0..decisions).map(|_| words(&mut it)).collect();
    Some(Reasons { rules: rules?, normally: normally? })
}

fn words(it: &mut Reader) -> Option<RuleWords> {
    Some(RuleWords { name: it.text()?, because: it.text()?, cite: it.text()? })
}
