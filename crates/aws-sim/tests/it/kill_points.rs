//! Kill points: from a certain request on nobody is answered.

use crate::client::{Client, path, sim};
use aws_sim::{Fault, KillMode, Rule};
use std::sync::mpsc;
use std::time::Duration;

/// Puts nine objects, and gives how many answers came.
fn publish(client: &mut Client) -> usize {
    (0..9).filter(|index| client.try_send("PUT", &path(&format!("k{index}")), &[], b"x").is_ok()).count()
}

#[test]
fn the_network_dies_before_or_after_a_request() {
    for (after, stored) in [(false, 4), (true, 5)] {
        let sim = sim();
        let control = sim.control();
        let empty = control.snapshot();
        control.add_fault(Rule::new(Fault::Kill { mode: KillMode::Dead, after }).at(5));
        let mut client = Client::new(&sim);
        assert_eq!(publish(&mut client), 4);
        assert_eq!((control.objects("assets", "").len(), control.killed_at()), (stored, Some(5)));
        control.set_faults(Vec::new());
        control.revive();
        assert_eq!((publish(&mut Client::new(&sim)), control.objects("assets", "").len()), (9, 9));
        control.restore(&empty);
        assert_eq!(control.objects("assets", "").len(), 0);
    }
}

#[test]
fn a_hanging_server_tells_when_to_kill_the_client() {
    let sim = sim();
    let control = sim.control();
    control.add_fault(Rule::new(Fault::Kill { mode: KillMode::Hang, after: false }).at(3));
    let (tell, told) = mpsc::channel();
    control.on_kill(move |number| tell.send(number).unwrap());
    let mut client = Client::new(&sim);
    let worker = std::thread::spawn(move || publish(&mut client));
    assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(3));
    let mut other = Client::new(&sim);
    assert_eq!(other.send("GET", "/_sim/killed", &[], b"").text(), r#"{"number":3}"#);
    assert!(!worker.is_finished());
    control.set_faults(Vec::new());
    control.revive();
    // The request that hung is cut; the others are answered.
    assert_eq!(worker.join().unwrap(), 8);
    assert_eq!(control.objects("assets", "").len(), 8);
}
