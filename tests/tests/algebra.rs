//! The algebra of the diagrams against another implementation (P1): the same operations on the same random functions, ours
//! over classes, the other over the bits of their numbers. `KEYWARD_CASES` sets how many programs are run.

#![allow(clippy::unwrap_used, reason = "a failed operation of either side is a failed test")]

use keyward::diagram::{Forest, Ref};
use keyward_tests::differential::setting;
use keyward_tests::generate::Random;
use oxidd::bdd::{BDDFunction, BDDManagerRef, new_manager};
use oxidd::util::SatCountCache;
use oxidd::{BooleanFunction, Manager, ManagerRef};
use std::collections::BTreeMap;
use std::hash::BuildHasherDefault;

/// The other side: a variable for each bit of each coordinate's class.
struct Bits {
    manager: BDDManagerRef,
    /// By coordinate: its bits, lowest first.
    bits: Vec<Vec<BDDFunction>>,
    /// Where every number is a class.
    domain: BDDFunction,
    count: u32,
}

impl Bits {
    fn new(widths: &[u32]) -> Bits {
        let manager = new_manager(1 << 16, 1 << 12, 1);
        let needed = |width: u32| u32::BITS - (width - 1).leading_zeros();
        let count = widths.iter().map(|&width| needed(width)).sum();
        let mut variables = manager.with_manager_exclusive(|manager| {
            manager.add_vars(count).map(|number| BDDFunction::var(manager, number).unwrap()).collect::<Vec<_>>()
        });
        let mut bits: Vec<Vec<BDDFunction>> = Vec::new();
        for &width in widths {
            bits.push(variables.drain(..needed(width) as usize).collect());
        }
        let domain = manager.with_manager_shared(|manager| BDDFunction::t(manager));
        let mut it = Bits { manager, bits, domain, count };
        for (coordinate, &width) in widths.iter().enumerate() {
            let known = it.test(coordinate, (0..width).collect());
            it.domain = it.domain.and(&known).unwrap();
        }
        it
    }

    fn constant(&self, value: bool) -> BDDFunction {
        self.manager
            .with_manager_shared(|manager| if value { BDDFunction::t(manager) } else { BDDFunction::f(manager) })
    }

    /// The number of a coordinate's class, bit by bit.
    fn class(&self, coordinate: usize, class: u32) -> BDDFunction {
        self.bits[coordinate].iter().enumerate().fold(self.constant(true), |all, (place, bit)| {
            let bit = if class >> place & 1 == 1 { bit.clone() } else { bit.not().unwrap() };
            all.and(&bit).unwrap()
        })
    }

    fn test(&self, coordinate: usize, classes: Vec<u32>) -> BDDFunction {
        let any = self.constant(false);
        classes.into_iter().fold(any, |any, class| any.or(&self.class(coordinate, class)).unwrap())
    }

    /// Where a function of ours is true, run by run.
    fn translate(&self, forest: &Forest, f: Ref, known: &mut BTreeMap<Ref, BDDFunction>) -> BDDFunction {
        let Some(coordinate) = forest.coordinate(f) else { return self.constant(f == Ref::TRUE) };
        if let Some(done) = known.get(&f) {
            return done.clone();
        }
        let (mut any, mut first) = (self.constant(false), 0);
        for run in forest.runs(f) {
            let here = self.test(usize::from(coordinate), (first..=run.last).collect());
            let there = self.translate(forest, run.to, known);
            any = any.or(&here.and(&there).unwrap()).unwrap();
            first = run.last + 1;
        }
        known.insert(f, any.clone());
        any
    }

    /// Whether two functions are the same wherever every number is a class.
    fn same(&self, one: &BDDFunction, other: &BDDFunction) -> bool {
        one.and(&self.domain).unwrap() == other.and(&self.domain).unwrap()
    }

    fn count(&self, f: &BDDFunction) -> u64 {
        let inside = f.and(&self.domain).unwrap();
        let mut cache: SatCountCache<u64, BuildHasherDefault<std::hash::DefaultHasher>> = SatCountCache::default();
        inside.sat_count(self.count, &mut cache)
    }
}

/// A program: random operations on the functions made so far, each on both sides, each compared.
fn run(seed: u64, steps: usize) -> usize {
    let mut random = Random::new(seed);
    let widths: Vec<u32> = (0..3 + random.below(5)).map(|_| 1 + random.below(7) as u32).collect();
    let mut order: Vec<u16> = (0..widths.len() as u16).collect();
    random.shuffle(&mut order);
    let weights: Vec<Vec<u64>> = widths.iter().map(|&width| vec![1; width as usize]).collect();
    let mut forest = Forest::new(widths.clone(), &order);
    let bits = Bits::new(&widths);
    let mut made: Vec<(Ref, BDDFunction)> = vec![(Ref::FALSE, bits.constant(false)), (Ref::TRUE, bits.constant(true))];
    for step in 0..steps {
        let mut pick = || made[random.below(made.len())].clone();
        let ((f, a), (g, b), (h, c)) = (pick(), pick(), pick());
        let coordinate = random.below(widths.len());
        let class = random.below(widths[coordinate] as usize) as u32;
        let (what, ours, theirs) = match if step < 6 { 0 } else { random.below(9) } {
            0 | 1 => {
                let set: u64 = random.next_u64();
                let ours = forest.test(coordinate as u16, |class| set >> class & 1 == 1);
                let classes = (0..widths[coordinate]).filter(|class| set >> class & 1 == 1).collect();
                ("test", ours, bits.test(coordinate, classes))
            }
            2 => ("and", forest.and(f, g), a.and(&b).unwrap()),
            3 => ("or", forest.or(f, g), a.or(&b).unwrap()),
            4 => ("not", forest.not(f), a.not().unwrap()),
            5 => ("and not", forest.and_not(f, g), a.and(&b.not().unwrap()).unwrap()),
            6 => ("if then else", forest.if_then_else(f, g, h), a.ite(&b, &c).unwrap()),
            7 => {
                let cube = bits.class(coordinate, class);
                ("cofactor", forest.cofactor(f, coordinate as u16, class), a.restrict(&cube).unwrap())
            }
            _ => {
                // Equal wherever `g` holds, so comparing both there is comparing `f`.
                let small = forest.simplify(f, g).and_then(|small| forest.and(small, g));
                ("simplify", small, a.and(&b).unwrap())
            }
        };
        let ours = ours.unwrap();
        let translated = bits.translate(&forest, ours, &mut BTreeMap::new());
        assert!(bits.same(&translated, &theirs), "seed {seed}, step {step}: `{what}` differs");
        let count = forest.count_true(ours, &weights).to_u128();
        assert_eq!(count, Some(u128::from(bits.count(&theirs))), "seed {seed}, step {step}: the count after `{what}`");
        for (other, theirs_too) in &made {
            assert_eq!(ours == *other, bits.same(&theirs, theirs_too), "seed {seed}, step {step}: one node each");
        }
        made.push((ours, theirs));
    }
    let roots: Vec<Ref> = made.iter().map(|(ours, _)| *ours).collect();
    forest.sift(&roots, 1 + random.next_u64() % 100_000);
    let mut known = BTreeMap::new();
    for (step, (ours, theirs)) in made.iter().enumerate() {
        assert!(
            bits.same(&bits.translate(&forest, *ours, &mut known), theirs),
            "seed {seed}, step {step}: after sifting"
        );
    }
    made.len()
}

#[test]
fn p1_another_implementation_makes_the_same_functions() {
    let programs = setting("KEYWARD_CASES", 200) as u64;
    let first = setting("KEYWARD_SEED", 0) as u64;
    let functions: usize = (first..first + programs).map(|seed| run(seed, 40)).sum();
    println!("{functions} functions of {programs} programs are the same on both sides, before and after sifting");
}
