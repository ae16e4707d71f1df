//! Conditional writes, alone and at once.

use crate::client::{Client, sim};
use aws_sim::{Fault, Kind, Rule};

#[test]
fn a_write_holds_to_its_condition() {
    let sim = sim();
    let mut client = Client::new(&sim);
    assert_eq!(client.put("k", &[("if-match", "\"x\"")], b"1").refusal(), (404, "NoSuchKey".to_owned()));
    let first = client.put("k", &[("if-none-match", "*")], b"1");
    assert_eq!(first.status, 200);
    let again = client.put("k", &[("if-none-match", "*")], b"2");
    assert_eq!(again.refusal(), (412, "PreconditionFailed".to_owned()));
    assert_eq!(client.get("k", &[]).body, b"1");
    let swapped = client.put("k", &[("if-match", first.header("etag"))], b"3");
    assert_eq!(swapped.status, 200);
    let late = client.put("k", &[("if-match", first.header("etag"))], b"4");
    assert_eq!(late.refusal(), (412, "PreconditionFailed".to_owned()));
    assert_eq!(client.put("k", &[("if-none-match", "\"x\"")], b"5").refusal().0, 501);
    assert_eq!(client.get("k", &[]).body, b"3");
}

#[test]
fn writes_that_overlap_conflict_and_one_wins() {
    let sim = sim();
    sim.control().add_fault(Rule::new(Fault::SlowWrite { wait_ms: 300 }).of(Kind::Put));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sim = &sim;
        let writers: Vec<_> = (0..4_u8)
            .map(|index| scope.spawn(move || Client::new(sim).put("k", &[("if-none-match", "*")], &[index]).status))
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 3, "{statuses:?}");
    sim.control().set_faults(Vec::new());
    assert_eq!(Client::new(&sim).put("k", &[("if-none-match", "*")], b"late").status, 412);
}

#[test]
fn a_conflict_comes_on_demand() {
    let sim = sim();
    sim.control().add_fault(Rule::new(Fault::Conflict).of(Kind::Put).at(1));
    let mut client = Client::new(&sim);
    let refused = client.put("k", &[("if-none-match", "*")], b"1");
    assert_eq!(refused.refusal(), (409, "ConditionalRequestConflict".to_owned()));
    assert_eq!(client.put("k", &[("if-none-match", "*")], b"1").status, 200);
}
