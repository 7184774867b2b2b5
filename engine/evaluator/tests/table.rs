//! The evaluator on a table written by hand, and on every way to damage one byte of it.

use keyward_evaluator::layout::{BLANK, FLAG_KNOWN, MAGIC, NORMALLY, RULE_ROOT};
use keyward_evaluator::{Marks, Scratch, Status, Table, TableError, batch, check, date_parts, decide, partial, why};

const TERMINAL: u32 = 1 << 31;

fn put16(bytes: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
}

fn put32(bytes: &mut Vec<u8>, values: &[u32]) {
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
}

/// Two inputs, a number from 1 to 9 at 8 and a yes or no at 12, known bits at 16; one answer, 1 where the answer is yes and the number is
/// less than 4, else 0; one rule that says so, and `normally`.
fn table() -> Vec<u8> {
    let mut bytes = Vec::new();
    put32(&mut bytes, &[MAGIC]);
    put16(&mut bytes, &[1, 0]);
    put32(&mut bytes, &[0, 0xABCD]);
    put16(&mut bytes, &[2, 1]);
    put16(&mut bytes, &[20, 16]);
    put32(&mut bytes, &[82, 106, TERMINAL | 1, 48, 82]);
    put16(&mut bytes, &[36, 8]);
    // The answer: level 0 (flag), both children; then level 1 (number), two runs.
    bytes.extend([0, 0]);
    put16(&mut bytes, &[0x8000, 54 / 2]);
    bytes.extend([1, 2]);
    put16(&mut bytes, &[1, 0x8001, 0x8000]);
    // The rule's own condition: the same, as a truth.
    bytes.extend([0, 0]);
    put16(&mut bytes, &[0x8000, 68 / 2]);
    bytes.extend([1, 0]);
    put16(&mut bytes, &[0x8001, 0x8000, 0x8000]);
    // A node nobody leads to, so that the nodes do not end with the last one reached.
    bytes.extend([0, 0]);
    put16(&mut bytes, &[0x8000, 0x8000]);
    // Levels: kind, known bit, slot, classes, count, data. The rows of the group serve as the first map.
    bytes.extend([0, 1]);
    put16(&mut bytes, &[12, 2, 2]);
    put32(&mut bytes, &[166]);
    bytes.extend([6, 0]);
    put16(&mut bytes, &[8, 3, 5]);
    put32(&mut bytes, &[178]);
    // The decision: answers, groups, `if unsure`, rules.
    put32(&mut bytes, &[130]);
    put16(&mut bytes, &[1, 1]);
    put32(&mut bytes, &[142]);
    put16(&mut bytes, &[1, 2]);
    put32(&mut bytes, &[174, 204]);
    bytes.extend([1, 0xFF, 0, 0]);
    put16(&mut bytes, &[2, 0]);
    put32(&mut bytes, &[0]);
    put32(&mut bytes, &[48 / 2, 166, 162]);
    put16(&mut bytes, &[2, 1]);
    put32(&mut bytes, &[TERMINAL | 1]);
    bytes.extend([0, 0, 0, 0]);
    bytes.extend([0, 1, 0, 0, 0, 0, 0, 0]);
    put32(&mut bytes, &[1]);
    put32(&mut bytes, &[1, 4, 7, 10]);
    put16(&mut bytes, &[0xFFFF, 0, 1, 2, 0xFFFF]);
    assert_eq!(bytes.len(), 204);
    put32(&mut bytes, &[228, 62 / 2]);
    put16(&mut bytes, &[7 | RULE_ROOT as u16]);
    bytes.extend([0, 1]);
    put32(&mut bytes, &[234, TERMINAL | 1]);
    put16(&mut bytes, &[(NORMALLY | RULE_ROOT) as u16]);
    bytes.extend([0, 1]);
    for value in [1, 0] {
        bytes.extend([0, 0]);
        put32(&mut bytes, &[value]);
    }
    let len = bytes.len() as u32;
    bytes[8..12].copy_from_slice(&len.to_le_bytes());
    bytes
}

fn request(number: u32, yes: u8) -> Vec<u8> {
    let mut bytes = vec![0; 20];
    bytes[0..4].copy_from_slice(&0xABCDu32.to_le_bytes());
    bytes[8..12].copy_from_slice(&number.to_le_bytes());
    bytes[12] = yes;
    bytes
}

fn known(mut request: Vec<u8>, bits: u8) -> Vec<u8> {
    request[4] = FLAG_KNOWN as u8;
    request[16] = bits;
    request
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[test]
fn a_table_written_by_hand_decides() {
    let bytes = table();
    let mut marks: Box<Marks> = Box::new(Marks::new());
    let mut scratch = Box::new(Scratch::new());
    let table = check(&bytes, &mut marks).expect("a good table");
    let mut ask = |request: &[u8]| {
        let mut out = [9u8; 8];
        let status = decide(&table, 0, request, &mut out[..], &mut *scratch);
        assert_eq!(word(&out, 0), status.code());
        (status, word(&out, 4))
    };
    assert_eq!(ask(&request(3, 1)), (Status::Ok, 1));
    assert_eq!(ask(&request(4, 1)), (Status::Ok, 0));
    assert_eq!(ask(&request(3, 0)), (Status::Ok, 0));
    for bad in [request(0, 1), request(10, 1), request(3, 2), request(u32::MAX, 0)] {
        assert_eq!(ask(&bad), (Status::UnsureInvalid, 1), "the record for unsure");
    }
    assert_eq!(ask(&known(request(9, 0), 0b01)), (Status::Ok, 0), "9 is never less than 4");
    assert_eq!(ask(&known(request(77, 1), 0b10)), (Status::UnsureMissing, 1), "an unknown slot is not read");
    assert_eq!(ask(&known(request(77, 0), 0b10)), (Status::Ok, 0));
    let mut other = request(3, 1);
    other[0] = 0;
    assert_eq!(ask(&other), (Status::SchemaMismatch, 1));
    assert_eq!(ask(&request(3, 1)[..15]), (Status::SchemaMismatch, 1));
    assert_eq!(ask(&request(3, 1)[..16]), (Status::Ok, 1), "without flags the rest is not needed");
    assert_eq!(ask(&known(request(3, 1), 3)[..19]), (Status::SchemaMismatch, 1));
    let mut flags = request(3, 1);
    flags[4] = 4;
    assert_eq!(ask(&flags), (Status::SchemaMismatch, 1));
}

#[test]
fn possible_values_and_rules_are_told() {
    let bytes = table();
    let mut scratch = Box::new(Scratch::new());
    let table = Table::new(&bytes[..]);
    let mut out = [0u8; 36];
    assert_eq!(partial(&table, 0, &known(request(0, 1), 0b10)[..], &mut out[..], &mut scratch), Status::Ok);
    assert_eq!(word(&out, 4), 0b11);
    assert_eq!(partial(&table, 0, &known(request(2, 1), 0b01)[..], &mut out[..], &mut scratch), Status::Ok);
    assert_eq!(word(&out, 4), 0b11);
    assert_eq!(why(&table, 0, &request(2, 1)[..], &mut out[..], &mut scratch), 1);
    assert_eq!(word(&out, 8), 7, "the rule decides; `normally` is not heard");
    assert_eq!(why(&table, 0, &request(5, 1)[..], &mut out[..], &mut scratch), 1);
    assert_eq!(word(&out, 8), NORMALLY);
    assert_eq!(why(&table, 0, &request(0, 1)[..], &mut out[..], &mut scratch), 0);
    let rows: Vec<u8> = [request(3, 1), request(5, 1), request(0, 0)].concat();
    let mut results = [0u8; 24];
    assert_eq!(batch(&table, 0, &rows, 3, &mut results, &mut *scratch), 3);
    assert_eq!([4, 12, 20].map(|at| word(&results, at)), [1, 0, 1]);
    assert_ne!(word(&results, 16), 0);
    assert_eq!(batch(&table, 0, &rows, 3, &mut results[..16], &mut *scratch), 2, "as far as there is room");
}

#[test]
fn p5_p6_a_damaged_table_is_named_or_fails_closed() {
    let good = table();
    let mut marks: Box<Marks> = Box::new(Marks::new());
    let mut scratch = Box::new(Scratch::new());
    let mut named = 0;
    for at in 0..good.len() {
        for change in [1, 6, 0x80, 0xFF] {
            let mut bytes = good.clone();
            bytes[at] ^= change;
            let checked = check(&bytes, &mut marks).is_ok();
            named += usize::from(!checked);
            if !checked {
                continue;
            }
            let table = Table::new(&bytes[..]);
            let mut out = vec![0u8; 4096];
            for request in [request(3, 1), known(request(3, 1), 0), known(request(3, 1), 1)] {
                let status = decide(&table, 0, &request[..], &mut out[..], &mut *scratch);
                let value = word(&out, 4);
                assert!(status != Status::Ok || value <= 1 || value == BLANK, "byte {at}: {value}");
                partial(&table, 0, &request[..], &mut out[..], &mut scratch);
                why(&table, 0, &request[..], &mut out[..], &mut scratch);
            }
        }
    }
    assert!(named > good.len(), "{named}");
}

#[test]
fn every_kind_of_damage_has_its_name() {
    let mut marks: Box<Marks> = Box::new(Marks::new());
    let mut error = |at: usize, value: &[u8]| {
        let mut bytes = table();
        bytes[at..at + value.len()].copy_from_slice(value);
        check(&bytes, &mut marks).err()
    };
    assert_eq!(error(0, b"KWD2"), Some(TableError::NotATable));
    assert_eq!(error(4, &[2]), Some(TableError::Version));
    assert_eq!(error(8, &[1]), Some(TableError::Length));
    assert_eq!(error(24, &[0xFF, 0xFF]), Some(TableError::OutOfRange));
    assert_eq!(error(48, &[9]), Some(TableError::BadNode));
    assert_eq!(error(52, &[24, 0]), Some(TableError::BadChild), "a node that leads to itself");
    assert_eq!(error(50, &[5, 0x80]), Some(TableError::BadTerminal));
    assert_eq!(error(82, &[99]), Some(TableError::BadLevel));
    assert_eq!(error(182, &[0]), Some(TableError::BadBounds));
    assert_eq!(error(130, &[9]), Some(TableError::BadAnswer));
    assert_eq!(error(214, &[200]), Some(TableError::OutOfRange));
    assert_eq!(error(131, &[0]), Some(TableError::BadAnswer), "an answer that depends on itself");
    assert_eq!(error(167, &[2]), Some(TableError::BadLevel), "a class that does not exist");
    assert_eq!(error(82, &[0]), None);
    assert_eq!(check(b"KWD1", &mut marks).err(), Some(TableError::NotATable));
}

#[test]
fn days_have_their_place_in_the_year_and_week() {
    // 2028-02-29 was day 21,243 and a Tuesday; 1 March starts the year, 29 February ends it.
    assert_eq!(date_parts(21_243), (365, 1));
    assert_eq!(date_parts(21_244), (0, 2));
    assert_eq!(date_parts(0), (306, 3), "1970-01-01, a Thursday");
    assert_eq!(date_parts(-25_567i32 as u32), (306, 0), "1900-01-01, a Monday");
    assert_eq!(date_parts(84_005), (305, 1), "2199-12-31, a Tuesday");
}
