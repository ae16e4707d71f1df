//! stub
use crate::plan::judgement::Judgement;
/// x
pub fn of(_judgement: &Judgement<'_>) -> String {
    String::new()
}
