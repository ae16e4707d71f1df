//! stub
use crate::plan::judgement::Judgement;
/// x
pub fn of(_judgement: &Judgement<'_>, _markdown: bool) -> String {
    String::new()
}
