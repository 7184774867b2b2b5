//! The log against vectors that others published, against the definition of the tree, and against everything an attacker may edit.

use keyward_audit::{
    Checkpoint, Frontier, Hash, NoteError, PublicKey, Receipt, ReceiptError, Signer, SigningKey, Tree, Witness,
    WitnessError, consistency, empty, inclusion, leaf, node, root, verify_consistency, verify_inclusion,
};

const ORIGIN: &str = "keyward.example/log";

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The definition in RFC 6962, word for word: slow, and without anything of the log.
fn defined(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty(),
        [one] => *one,
        _ => {
            let mut middle = 1;
            while middle * 2 < leaves.len() {
                middle *= 2;
            }
            node(&defined(&leaves[..middle]), &defined(&leaves[middle..]))
        }
    }
}

fn entry(number: u64) -> Vec<u8> {
    format!("{{\"seq\":{number},\"type\":\"custody.taken\"}}").into_bytes()
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf(&entry(number))).collect()
}

fn grown(leaves: &[Hash]) -> Tree {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree
}

fn signer(name: &str, seed: u8) -> Signer {
    Signer::new(name, SigningKey::from_bytes(&[seed; 32])).expect("a name without spaces")
}

fn signed(size: u64, root: Hash, signer: &Signer) -> String {
    Checkpoint { origin: ORIGIN.to_string(), size, root }.sign(signer).expect("one line")
}

#[test]
fn a1_the_tree_is_that_of_the_published_vectors() {
    let entries: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    assert_eq!(hex(&empty()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let mut frontier = Frontier::default();
    let mut tree = Tree::default();
    assert_eq!(frontier.root(), empty());
    for (entry, wanted) in entries.iter().zip(roots) {
        frontier.push(leaf(entry));
        tree.push(leaf(entry));
        assert_eq!(hex(&frontier.root()), wanted);
        assert_eq!(hex(&root(&tree, tree.size()).unwrap()), wanted);
    }
    let proof: Vec<String> = consistency(&tree, 6, 8).unwrap().iter().map(hex).collect();
    assert_eq!(
        proof,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

#[test]
fn a1_notes_are_those_of_the_published_vector() {
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note = format!(
        "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    );
    let written = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key = PublicKey::parse(written).unwrap();
    assert_eq!((key.name(), key.to_string().as_str()), ("PeterNeumann", written));
    assert_eq!(key.open(&note), Ok(text));
    assert_eq!(key.open(&note.replace("your", "y0ur")), Err(NoteError::WrongSignature));
    for at in 0..written.len() {
        let mut bytes = written.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'b' { b'c' } else { b'b' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(PublicKey::parse(&changed), None, "{changed}");
    }
}

#[test]
fn a1_every_proof_of_every_size_holds() {
    let all = leaves(300);
    let tree = grown(&all);
    let roots: Vec<Hash> = (0..=all.len()).map(|size| defined(&all[..size])).collect();
    let mut frontier = Frontier::default();
    for size in 1..=300_u64 {
        frontier.push(all[size as usize - 1]);
        let now = &roots[size as usize];
        assert_eq!((&frontier.root(), root(&tree, size).as_ref()), (now, Some(now)));
        for index in (0..size).step_by(if size > 70 { 7 } else { 1 }) {
            let proof = inclusion(&tree, index, size).unwrap();
            assert!(verify_inclusion(index, size, &all[index as usize], &proof, now), "{index} of {size}");
            let old = index + 1;
            let proof = consistency(&tree, old, size).unwrap();
            assert!(verify_consistency(old, size, &roots[old as usize], &proof, now), "{old} to {size}");
        }
        assert_eq!((inclusion(&tree, size, size), consistency(&tree, size + 1, size)), (None, None));
    }
    assert!(inclusion(&tree, 0, 301).is_none() && root(&tree, 301).is_none());
}

#[test]
fn a2_no_wrong_proof_is_believed() {
    let all = leaves(40);
    let tree = grown(&all);
    let roots: Vec<Hash> = (0..=40).map(|size| defined(&all[..size])).collect();
    let mut refused = 0;
    let mut refuse = |believed: bool, what: &str, at: (u64, u64)| {
        assert!(!believed, "{what}: {at:?}");
        refused += 1;
    };
    for size in 1..=40_u64 {
        let now = &roots[size as usize];
        for index in 0..size {
            let proof = inclusion(&tree, index, size).unwrap();
            let own = &all[index as usize];
            for place in 0..proof.len() {
                let mut bad = proof.clone();
                bad[place][7] ^= 4;
                refuse(verify_inclusion(index, size, own, &bad, now), "changed in the middle", (index, size));
                let mut bad = proof.clone();
                bad.remove(place);
                refuse(verify_inclusion(index, size, own, &bad, now), "one too few", (index, size));
            }
            let long = [&proof[..], &[empty()]].concat();
            refuse(verify_inclusion(index, size, own, &long, now), "one too many", (index, size));
            refuse(verify_inclusion(index + size, size, own, &proof, now), "beyond the end", (index, size));
            // The way up of the last entry is long enough for any log; only its length tells that this log is shorter.
            if size > 1 && index + 1 == size {
                refuse(verify_inclusion(0, 1, own, &proof, now), "a log that claims to be shorter", (index, size));
            }
            let other = (index + 1) % size;
            if other != index {
                refuse(verify_inclusion(other, size, own, &proof, now), "another place", (index, size));
                refuse(
                    verify_inclusion(index, size, &all[other as usize], &proof, now),
                    "another entry",
                    (index, size),
                );
            }
        }
        for old in 1..size {
            let proof = consistency(&tree, old, size).unwrap();
            let before = &roots[old as usize];
            for place in 0..proof.len() {
                let mut bad = proof.clone();
                bad[place][31] ^= 1;
                refuse(verify_consistency(old, size, before, &bad, now), "changed in the middle", (old, size));
                let mut bad = proof.clone();
                bad.remove(place);
                refuse(verify_consistency(old, size, before, &bad, now), "one too few", (old, size));
            }
            let long = [&proof[..], &[empty()]].concat();
            refuse(verify_consistency(old, size, before, &long, now), "one too many", (old, size));
            refuse(verify_consistency(old, size, now, &proof, now), "another past", (old, size));
            refuse(verify_consistency(size, old, now, &proof, before), "backwards", (old, size));
        }
        refuse(verify_consistency(size, size, now, &[empty()], now), "a proof where none is needed", (size, size));
        refuse(verify_consistency(0, size, now, &[], now), "a past before the first entry", (0, size));
    }
    assert!(refused > 10_000, "{refused}");
}

#[test]
fn a2_every_changed_byte_of_a_receipt_is_noticed() {
    let (all, signer) = (leaves(100), signer(ORIGIN, 7));
    let (tree, key) = (grown(&all), signer.public_key());
    let checkpoint = signed(100, defined(&all), &signer);
    let receipt = Receipt { index: 41, proof: inclusion(&tree, 41, 100).unwrap(), checkpoint };
    let text = receipt.to_string();
    let believed = |text: &str, entry: &[u8]| Receipt::parse(text)?.verify(entry, &key, ORIGIN);
    assert_eq!(believed(&text, &entry(41)).unwrap().size, 100);
    assert_eq!(believed(&text, &entry(42)), Err(ReceiptError::NotIncluded));
    let mut edits = 0;
    for at in 0..text.len() {
        for other in [b'A', b'0', b'\n', b' '] {
            let mut bytes = text.as_bytes().to_vec();
            if bytes[at] == other {
                continue;
            }
            bytes[at] = other;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(believed(&changed, &entry(41)).is_err(), "{other} at {at}");
                edits += 1;
            }
        }
        let mut shorter = text.clone();
        if shorter.is_char_boundary(at) && shorter.is_char_boundary(at + 1) {
            shorter.remove(at);
            assert!(believed(&shorter, &entry(41)).is_err(), "without {at}");
            edits += 1;
        }
    }
    assert!(edits > 1_000, "{edits}");
    let foreign = crate::signer(ORIGIN, 8).public_key();
    let said = Receipt::parse(&text).unwrap();
    assert_eq!(said.verify(&entry(41), &foreign, ORIGIN), Err(ReceiptError::Checkpoint(NoteError::NotSigned)));
    assert_eq!(said.verify(&entry(41), &key, "other/log"), Err(ReceiptError::Checkpoint(NoteError::OtherLog)));
}

#[test]
fn a2_a_witness_agrees_to_one_story_only() {
    let (all, signer) = (leaves(60), signer(ORIGIN, 7));
    let tree = grown(&all);
    let mut witness = Witness::new(signer.public_key(), ORIGIN);
    let see = |witness: &mut Witness, leaves: &[Hash], size: u64| {
        let tree = grown(leaves);
        let proof = consistency(&tree, witness.last().0, size).unwrap_or_default();
        witness.see(&signed(size, root(&tree, size).unwrap(), &signer), &proof)
    };
    assert_eq!(see(&mut witness, &all, 20).unwrap().size, 20);
    assert_eq!(see(&mut witness, &all, 50).unwrap().size, 50);
    assert_eq!(see(&mut witness, &all, 50).unwrap().size, 50);
    // Entries cut off, or an old copy put back.
    assert_eq!(see(&mut witness, &all, 49), Err(WitnessError::Shorter(50, 49)));
    let edited = |change: &dyn Fn(&mut Vec<Hash>)| {
        let mut leaves = all.clone();
        change(&mut leaves);
        leaves
    };
    // Even with the key of the log: changed, swapped, put in, taken out, doubled, forked.
    let stories: [(&str, Vec<Hash>); 6] = [
        ("changed", edited(&|leaves| leaves[3] = leaf(b"something else"))),
        ("swapped", edited(&|leaves| leaves.swap(30, 31))),
        ("put in", edited(&|leaves| leaves.insert(10, leaf(b"new")))),
        ("taken out", edited(&|leaves| leaves.retain(|one| *one != leaf(&entry(10))))),
        ("doubled", edited(&|leaves| leaves.insert(10, leaves[10]))),
        ("forked", edited(&|leaves| leaves[49] = leaf(b"the other branch"))),
    ];
    for (what, leaves) in stories {
        assert_eq!(see(&mut witness, &leaves, 55), Err(WitnessError::Inconsistent), "{what}");
        assert_eq!(see(&mut witness, &leaves, 50), Err(WitnessError::Inconsistent), "{what}");
    }
    assert_eq!(witness.last(), (50, root(&tree, 50).unwrap()));
    let mut resumed = Witness::resumed(
        signer.public_key(),
        &Checkpoint { origin: ORIGIN.to_string(), size: 50, root: root(&tree, 50).unwrap() },
    );
    assert_eq!(resumed, witness);
    assert_eq!(see(&mut resumed, &all, 60).unwrap().size, 60);
    // A checkpoint of this size with another key, or of another log.
    let foreign = signed(60, root(&tree, 60).unwrap(), &crate::signer("somebody.else", 9));
    assert_eq!(resumed.see(&foreign, &[]), Err(WitnessError::Checkpoint(NoteError::NotSigned)));
}

#[test]
fn a2_a_checkpoint_has_one_spelling() {
    let signer = signer(ORIGIN, 7);
    let key = signer.public_key();
    let good = format!("{ORIGIN}\n12\n{}\n", "A".repeat(43) + "=");
    assert!(Checkpoint::open(&signer.sign(&good).unwrap(), &key, ORIGIN).is_ok());
    let hash = "A".repeat(43) + "=";
    let bad = [
        format!("{ORIGIN}\n012\n{hash}\n"),
        format!("{ORIGIN}\n+12\n{hash}\n"),
        format!("{ORIGIN}\n-1\n{hash}\n"),
        format!("{ORIGIN}\n18446744073709551616\n{hash}\n"),
        format!("{ORIGIN}\n0\n{hash}\n"),
        format!("{ORIGIN}\n12\n{}B=\n", "A".repeat(42)),
        format!("{ORIGIN}\n12\n{}\n", "A".repeat(43)),
        format!("{ORIGIN}\n12\n{hash}\nmore\n"),
        format!("{ORIGIN}\n12\n"),
        format!("\n12\n{hash}\n"),
        format!("{ORIGIN} \n12\n{hash}\n").replace(ORIGIN, "x"),
    ];
    for text in bad {
        assert!(Checkpoint::open(&signer.sign(&text).unwrap(), &key, ORIGIN).is_err(), "{text}");
    }
    assert_eq!(signer.sign("no line break"), None);
    assert_eq!(signer.sign("a bell \u{7}\n"), None);
    assert!(Signer::new("with space", SigningKey::from_bytes(&[1; 32])).is_none());
    let huge = format!("{}\n\n\u{2014} x AAAA\n", "x".repeat(20_000));
    assert_eq!(key.open(&huge), Err(NoteError::TooLong));
}

#[test]
fn a3_receipts_stay_short() {
    let all = leaves(100_000);
    let tree = grown(&all);
    let now = root(&tree, 100_000).unwrap();
    let mut longest = 0;
    for index in (0..100_000).step_by(997).chain([0, 65_535, 65_536, 99_999]) {
        let proof = inclusion(&tree, index, 100_000).unwrap();
        assert!(verify_inclusion(index, 100_000, &all[index as usize], &proof, &now));
        longest = longest.max(proof.len());
    }
    assert_eq!(longest, 17);
    // Ten million entries: what matters is only how many levels there are.
    struct Anything;
    impl keyward_audit::Nodes for Anything {
        fn at(&self, _: u32, _: u64) -> Option<Hash> {
            Some(empty())
        }
    }
    let most = (0..10_000_000).step_by(99_991).filter_map(|at| inclusion(&Anything, at, 10_000_000)).map(|it| it.len());
    assert_eq!(most.max(), Some(24));
}
