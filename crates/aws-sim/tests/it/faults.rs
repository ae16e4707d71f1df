//! Faults: what the client sees, and what was done all the same.

use crate::client::{Client, path, sim};
use aws_sim::{Fault, Kind, Rule};

#[test]
fn every_tenth_write_is_slowed_down_and_leaves_nothing() {
    let sim = sim();
    sim.control().add_fault(Rule::new(Fault::SlowDown).writes().every(10));
    let mut client = Client::new(&sim);
    let mut refused = Vec::new();
    for index in 1..=30 {
        client.get("k1", &[]);
        let answer = client.put(&format!("k{index}"), &[], b"x");
        if answer.status != 200 {
            assert_eq!(answer.refusal(), (503, "SlowDown".to_owned()));
            refused.push(index);
        }
    }
    assert_eq!(refused, [10, 20, 30]);
    assert_eq!(sim.control().objects("assets", "").len(), 27);
    assert_eq!(sim.control().counts().faults.get("slow_down"), Some(&3));
}

#[test]
fn a_lost_response_was_a_write() {
    let sim = sim();
    sim.control().add_fault(Rule::new(Fault::LostResponse).of(Kind::Put).at(1));
    sim.control().add_fault(Rule::new(Fault::CutBefore).of(Kind::Put).at(2));
    let mut client = Client::new(&sim);
    assert!(client.try_send("PUT", &path("lost"), &[], b"1").is_err());
    assert!(client.try_send("PUT", &path("cut"), &[], b"1").is_err());
    assert_eq!(client.put("third", &[], b"1").status, 200);
    assert_eq!((client.get("lost", &[]).status, client.get("cut", &[]).status), (200, 404));
    let counts = sim.control().counts();
    assert_eq!((counts.cut, counts.of(Kind::Put)), (2, 3));
}

#[test]
fn bodies_break_off_or_change() {
    let sim = sim();
    let mut client = Client::new(&sim);
    let body = vec![b'a'; 300_000];
    client.put("k", &[], &body);
    sim.control().set_faults(vec![
        Rule::new(Fault::TruncatedBody).of(Kind::Get).at(1),
        Rule::new(Fault::CorruptBody).of(Kind::Get).at(2),
    ]);
    assert!(client.try_send("GET", &path("k"), &[], b"").is_err());
    let corrupt = client.get("k", &[]);
    assert_eq!((corrupt.status, corrupt.body.len()), (200, body.len()));
    assert_eq!(corrupt.body.iter().zip(&body).filter(|(one, other)| one != other).count(), 1);
    assert_eq!(client.get("k", &[]).body, body);
}

#[test]
fn an_error_hides_in_a_200() {
    let sim = sim();
    let mut client = Client::new(&sim);
    client.put("from", &[], b"x");
    sim.control().add_fault(Rule::new(Fault::ErrorIn200).of(Kind::Copy).at(1));
    let source = path("from");
    let refused = client.put("to", &[("x-amz-copy-source", &source)], b"");
    assert_eq!(refused.refusal(), (200, "InternalError".to_owned()));
    assert_eq!(client.get("to", &[]).status, 404);
}

#[test]
fn a_denied_prefix_is_denied_in_batches_too() {
    let sim = sim();
    let mut client = Client::new(&sim);
    client.put("open/a", &[], b"");
    client.put("shut/a", &[], b"");
    sim.control().add_fault(Rule::new(Fault::AccessDenied).prefix("shut/"));
    assert_eq!(client.put("shut/b", &[], b"").refusal(), (403, "AccessDenied".to_owned()));
    let body = b"<Delete><Object><Key>open/a</Key></Object><Object><Key>shut/a</Key></Object></Delete>";
    let md5 = crate::objects::base64(&md5_of(body));
    let answer = client.send("POST", "/assets?delete=", &[("content-md5", &md5)], body);
    assert_eq!(
        (answer.status, answer.element("Code"), answer.text().matches("<Error>").count()),
        (200, "AccessDenied".to_owned(), 1)
    );
    assert_eq!(client.list("", 10), ["shut/a"]);
}

fn md5_of(bytes: &[u8]) -> Vec<u8> {
    use md5::{Digest, Md5};
    Md5::digest(bytes).to_vec()
}

#[test]
fn rules_come_over_http() {
    let sim = sim();
    let mut client = Client::new(&sim);
    let set = client.send("PUT", "/_sim/faults", &[], br#"[{"fault":"internal_error","kinds":["GET"],"times":1}]"#);
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(client.get("k", &[]).refusal(), (500, "InternalError".to_owned()));
    assert_eq!(client.get("k", &[]).status, 404);
    assert_eq!(client.send("PUT", "/_sim/faults", &[], br#"[{"fault":"none such"}]"#).status, 400);
    let counts = client.send("GET", "/_sim/counts", &[], b"").text();
    assert!(counts.contains(r#""requests":{"GET":2}"#), "{counts}");
}
