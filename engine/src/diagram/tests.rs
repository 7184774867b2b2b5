//! The diagrams against plain truth tables: P1 (no wrong answer) starts here.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Count, Exploded, Forest, Ref};

const WIDTHS: [u32; 5] = [3, 2, 4, 1, 3];
const WEIGHTS: [&[u64]; 5] = [&[1, 2, 3], &[5, 1], &[1, 1, 7, 2], &[9], &[4, 1, 1]];

/// A function written as an expression, so that it can be worked out without a diagram.
#[derive(Clone, Debug)]
enum Expression {
    Value(u32),
    Test(u16, u32),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Choose(Box<Expression>, Box<Expression>, Box<Expression>),
}

impl Expression {
    fn at(&self, point: &[u32]) -> u32 {
        match self {
            Expression::Value(value) => *value,
            Expression::Test(coordinate, set) => set >> point[*coordinate as usize] & 1,
            Expression::Not(f) => u32::from(f.at(point) == 0),
            Expression::And(f, g) => f.at(point) & g.at(point),
            Expression::Or(f, g) => f.at(point) | g.at(point),
            Expression::Choose(c, f, g) => {
                if c.at(point) == 1 {
                    f.at(point)
                } else {
                    g.at(point)
                }
            }
        }
    }

    fn build(&self, forest: &mut Forest) -> Result<Ref, Exploded> {
        match self {
            Expression::Value(value) => Ok(Ref::terminal(*value)),
            Expression::Test(coordinate, set) => forest.test(*coordinate, |class| set >> class & 1 == 1),
            Expression::Not(f) => {
                let f = f.build(forest)?;
                forest.not(f)
            }
            Expression::And(f, g) => {
                let (f, g) = (f.build(forest)?, g.build(forest)?);
                forest.and(f, g)
            }
            Expression::Or(f, g) => {
                let (f, g) = (f.build(forest)?, g.build(forest)?);
                forest.or(f, g)
            }
            Expression::Choose(c, f, g) => {
                let (c, f, g) = (c.build(forest)?, f.build(forest)?, g.build(forest)?);
                forest.if_then_else(c, f, g)
            }
        }
    }
}

fn condition() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        (0..2u32).prop_map(Expression::Value),
        (0..5u16, 0..16u32).prop_map(|(coordinate, set)| Expression::Test(coordinate, set)),
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|f| Expression::Not(Box::new(f))),
            (inner.clone(), inner.clone()).prop_map(|(f, g)| Expression::And(Box::new(f), Box::new(g))),
            (inner.clone(), inner).prop_map(|(f, g)| Expression::Or(Box::new(f), Box::new(g))),
        ]
    })
}

/// Functions with several values.
fn function() -> impl Strategy<Value = Expression> {
    let leaf = (0..5u32).prop_map(Expression::Value);
    leaf.prop_recursive(4, 20, 2, |inner| {
        (condition(), inner.clone(), inner)
            .prop_map(|(c, f, g)| Expression::Choose(Box::new(c), Box::new(f), Box::new(g)))
    })
}

fn points() -> Vec<[u32; 5]> {
    let mut all = Vec::new();
    for number in 0..WIDTHS.iter().product::<u32>() {
        let mut rest = number;
        all.push(WIDTHS.map(|width| {
            let class = rest % width;
            rest /= width;
            class
        }));
    }
    all
}

fn forest() -> Forest {
    Forest::new(WIDTHS.to_vec(), &[2, 0])
}

fn weights() -> Vec<Vec<u64>> {
    WEIGHTS.iter().map(|w| w.to_vec()).collect()
}

fn agrees(forest: &Forest, f: Ref, expression: &Expression) -> Result<(), TestCaseError> {
    for point in points() {
        prop_assert_eq!(forest.value(f, |c| point[c as usize]), expression.at(&point), "at {:?}", point);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn p1_values_equal_the_truth_table_and_equal_functions_are_one_node(f in function(), g in function()) {
        let mut forest = forest();
        let (a, b) = (f.build(&mut forest).unwrap(), g.build(&mut forest).unwrap());
        agrees(&forest, a, &f)?;
        agrees(&forest, b, &g)?;
        let same = points().iter().all(|point| f.at(point) == g.at(point));
        prop_assert_eq!(a == b, same);
    }

    #[test]
    fn p1_sifting_keeps_every_function(fs in proptest::collection::vec(function(), 1..6), budget in 0u64..4000) {
        let mut forest = forest();
        let roots: Vec<Ref> = fs.iter().map(|f| f.build(&mut forest).unwrap()).collect();
        let before = forest.size(&roots);
        let done = forest.sift(&roots, budget);
        let after = forest.size(&roots);
        prop_assert_eq!(done.before, before.nodes + before.edges);
        prop_assert_eq!(done.after, after.nodes + after.edges);
        prop_assert!(done.after <= done.before);
        prop_assert_eq!(forest.len(), after.nodes);
        for (root, f) in roots.iter().zip(&fs) {
            agrees(&forest, *root, f)?;
            // Canonical in the new order too: building it again finds the same node.
            prop_assert_eq!(f.build(&mut forest).unwrap(), *root);
        }
    }

    #[test]
    fn p1_counts_and_examples_are_exact(f in function()) {
        let mut forest = forest();
        let root = f.build(&mut forest).unwrap();
        let mut expected: BTreeMap<u32, Count> = BTreeMap::new();
        for point in points() {
            let weight = point.iter().zip(WEIGHTS).map(|(&class, weights)| weights[class as usize]).product();
            expected.entry(f.at(&point)).or_default().add_times(&Count::from(1), weight);
        }
        prop_assert_eq!(forest.counts(root, &weights()), expected.clone());
        for value in 0..6 {
            let found = forest.witness(root, |v| v == value, |_, class| class);
            prop_assert_eq!(found.is_some(), expected.contains_key(&value));
            if let Some(classes) = found {
                for fill in 0..4 {
                    let at = |c: u16| classes[c as usize].unwrap_or(fill % WIDTHS[c as usize]);
                    prop_assert_eq!(forest.value(root, at), value);
                }
            }
        }
        prop_assert_eq!(forest.values(&[root]), expected.keys().copied().collect::<Vec<u32>>());
    }

    #[test]
    fn p1_paths_cover_every_point_once(f in function()) {
        let mut forest = forest();
        let root = f.build(&mut forest).unwrap();
        let mut hits = vec![0; points().len()];
        forest.paths(root, &mut |steps, value| {
            for (hit, point) in hits.iter_mut().zip(points()) {
                if steps.iter().all(|step| (step.first..=step.last).contains(&point[step.coordinate as usize])) {
                    *hit += 1;
                    assert_eq!(f.at(&point), value);
                }
            }
            true
        });
        prop_assert!(hits.iter().all(|&hit| hit == 1));
    }

    #[test]
    fn p1_cofactor_pins_a_coordinate(f in function(), coordinate in 0..5u16, class in 0..4u32) {
        let class = class % WIDTHS[coordinate as usize];
        let mut forest = forest();
        let root = f.build(&mut forest).unwrap();
        let pinned = forest.cofactor(root, coordinate, class).unwrap();
        prop_assert!(!forest.support(&[pinned])[coordinate as usize]);
        for mut point in points() {
            let found = forest.value(pinned, |c| point[c as usize]);
            point[coordinate as usize] = class;
            prop_assert_eq!(found, f.at(&point));
        }
    }

    #[test]
    fn p1_exists_forgets_coordinates(f in condition(), gone in proptest::collection::vec(any::<bool>(), 5)) {
        let mut forest = forest();
        let root = f.build(&mut forest).unwrap();
        let number = forest.fresh_op();
        let some = forest.exists(root, number, &gone).unwrap();
        for point in points() {
            let alike = |other: &[u32; 5]| (0..5).all(|c| gone[c] || other[c] == point[c]);
            let expected = points().iter().any(|other| alike(other) && f.at(other) == 1);
            prop_assert_eq!(forest.value(some, |c| point[c as usize]), u32::from(expected));
        }
    }

    #[test]
    fn p1_simplify_agrees_where_it_matters(f in function(), care in condition()) {
        let mut forest = forest();
        let (root, care_root) = (f.build(&mut forest).unwrap(), care.build(&mut forest).unwrap());
        let small = forest.simplify(root, care_root).unwrap();
        let mut reached = Vec::new();
        for point in points() {
            if care.at(&point) == 1 {
                reached.push(f.at(&point));
                prop_assert_eq!(forest.value(small, |c| point[c as usize]), f.at(&point));
            }
        }
        if !reached.is_empty() {
            prop_assert!(forest.values(&[small]).iter().all(|value| reached.contains(value)));
        }
    }

    #[test]
    fn p1_counts_of_any_size_are_exact(factors in proptest::collection::vec(1u64.., 0..4), extra in any::<u64>()) {
        let mut product = Count::from(1);
        let mut wide = Some(1u128);
        for factor in &factors {
            product.multiply(*factor);
            wide = wide.and_then(|w| w.checked_mul(u128::from(*factor)));
        }
        product.add_times(&Count::from(extra), 3);
        let wide = wide.and_then(|w| w.checked_add(u128::from(extra) * 3));
        if let Some(wide) = wide {
            prop_assert_eq!(product.to_u128(), Some(wide));
            prop_assert_eq!(product.to_string().replace(',', ""), wide.to_string());
        } else {
            prop_assert_eq!(product.to_u128(), None);
        }
    }
}

#[test]
fn p1_the_order_decides_the_size_and_sifting_finds_the_good_one() {
    // Six pairs that must agree: all first halves before all second halves needs exponentially many nodes.
    let order: Vec<u16> = (0..6).map(|i| i * 2).chain((0..6).map(|i| i * 2 + 1)).collect();
    let mut forest = Forest::new(vec![2; 12], &order);
    let mut all = Ref::TRUE;
    for pair in 0..6 {
        let a = forest.test(pair * 2, |class| class == 1).unwrap();
        let b = forest.test(pair * 2 + 1, |class| class == 1).unwrap();
        let not_b = forest.not(b).unwrap();
        let agree = forest.if_then_else(a, b, not_b).unwrap();
        all = forest.and(all, agree).unwrap();
    }
    assert_eq!(forest.size(&[all]).nodes, 63 + 126);
    forest.sift(&[all], 1_000_000);
    assert_eq!(forest.size(&[all]).nodes, 6 * 3);
}

#[test]
fn b1_the_node_budget_is_an_error_and_names_the_widest_coordinates() {
    let mut forest = Forest::new(vec![2; 20], &[]);
    forest.set_budget(40);
    let mut parity = Ref::FALSE;
    let mut outcome = Ok(parity);
    for coordinate in 0..20 {
        let bit = forest.test(coordinate, |class| class == 1).unwrap();
        outcome = forest.not(bit).and_then(|not| forest.if_then_else(parity, not, bit));
        match outcome {
            Ok(f) => parity = f,
            Err(_) => break,
        }
    }
    assert_eq!(outcome, Err(Exploded));
    assert!(!forest.widest(3).is_empty());
    forest.collect(&[parity]);
    assert!(forest.len() < 40);
}

#[test]
fn shares_are_printed_exactly_enough() {
    let share = |part: u64, whole: u64| Count::from(part).percent_of(&Count::from(whole));
    assert_eq!(share(36, 2880), "1.25%");
    assert_eq!(share(432, 3312), "13.04%");
    assert_eq!(share(1, 8), "12.5%");
    assert_eq!(share(13, 100), "13%");
    assert_eq!(share(0, 7), "0%");
    assert_eq!(share(7, 7), "100%");
    assert_eq!(share(1, 1_000_000), "less than 0.01%");
    assert_eq!(share(999_999, 1_000_000), "more than 99.99%");
    assert_eq!(Count::from(3_800_354_400).to_string(), "3,800,354,400");
    assert_eq!(Count::ZERO.to_string(), "0");
}
