//! A source file in the JSON of gcov and gcovr, which share its shape; keys that begin with `gcovr/` are gcovr's own.

use super::super::json::{self, Budget, Fields, Hits, LineNumber, Name, Objects, Refusal, Step};
use crate::observe::reading::Reading;
use crate::plan::coverage::items::{ItemId, Items};
use crate::plan::coverage::{FileCoverage, ReportedPath};
use serde::de::{Error, IgnoredAny, MapAccess};

/// One source file.
#[derive(Default)]
pub struct SourceFile {
    path: Option<String>,
    file: FileCoverage,
    /// Each line of each function: an instance of a template has its own.
    instances: Items,
    budget: Budget,
    left_out: u64,
}

impl SourceFile {
    /// Adds the file. Errors: it has no path.
    pub fn finish(mut self, into: &mut Reading) -> Step {
        let path = self.path.ok_or_else(|| Refusal::malformed("an entry of `files` has no `file`"))?;
        self.file.lines.finish();
        self.instances.finish();
        // Where no line is there twice, lines are just lines.
        if self.instances.totals().1 > self.file.lines.coverable() {
            self.file.line_instances = self.instances;
        }
        if self.left_out > 0 {
            let count = self.left_out;
            into.notice("line-zero", None, || format!("{path}: {count} entries for line 0 are left out"));
        }
        into.add(ReportedPath::new(path), self.file).map_err(Refusal::from)
    }

    fn line(&mut self, line: Line) -> Step {
        self.budget.take_many(u32::try_from(line.arms.len()).unwrap_or(u32::MAX).saturating_add(1))?;
        let (Some(number), Some(ran)) = (line.number, line.ran) else {
            return Err(Refusal::malformed("a line has no `line_number` or no `count`"));
        };
        if line.is_excluded {
            return Ok(());
        }
        if number == 0 {
            self.left_out += 1;
            return Ok(());
        }
        let function = json::name_id(&line.function);
        self.file.lines.push(number, ran);
        self.instances.push(number, ItemId::Text(&function), ran);
        for (index, arm) in line.arms.iter().enumerate().filter(|(_, arm)| !arm.is_excluded) {
            let id = [function.as_ref(), b" ", arm.id(index).as_bytes()].concat();
            self.file.arms.push(number, ItemId::Text(&id), arm.taken);
        }
        Ok(())
    }

    fn function(&mut self, function: Function) -> Step {
        self.budget.take()?;
        let Some(line) = function.line else {
            return Err(Refusal::malformed("a function has no line"));
        };
        let Some(name) = function.demangled.or(function.name) else {
            return Err(Refusal::malformed("a function has no name"));
        };
        match line {
            _ if function.is_excluded => {}
            0 => self.left_out += 1,
            line => self.file.functions.push(line, ItemId::Text(&json::name_id(&name)), function.ran),
        }
        Ok(())
    }
}

impl Fields for SourceFile {
    const WHAT: &'static str = "a source file";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"file" => {
                let name: Name = map.next_value()?;
                self.path = Some(json::path_of(&name.0).map_err(A::Error::custom)?);
                Ok(())
            }
            b"lines" => map.next_value_seed(Objects {
                state: self,
                make: |_: &mut &mut SourceFile| Line::default(),
                take: |file: &mut &mut SourceFile, line: Line| file.line(line),
            }),
            b"functions" => map.next_value_seed(Objects {
                state: self,
                make: |_: &mut &mut SourceFile| Function::default(),
                take: |file: &mut &mut SourceFile, function: Function| file.function(function),
            }),
            _ => json::skip(map),
        }
    }
}

/// A line of a function.
#[derive(Default)]
struct Line {
    number: Option<u32>,
    /// As the linker knows it; empty when the line is in none or nothing says so.
    function: Vec<u8>,
    ran: Option<bool>,
    arms: Vec<Arm>,
    arm_budget: Budget,
    is_excluded: bool,
}

impl Fields for Line {
    const WHAT: &'static str = "a line";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"line_number" => self.number = Some(map.next_value::<LineNumber>()?.0),
            b"count" => self.ran = Some(map.next_value::<Hits>()?.0),
            b"function_name" => self.function = map.next_value::<Option<Name>>()?.unwrap_or_default().0,
            b"gcovr/excluded" | b"gcovr/noncode" => self.is_excluded |= map.next_value::<Option<bool>>()? == Some(true),
            b"branches" => {
                return map.next_value_seed(Objects {
                    state: self,
                    make: |_: &mut &mut Line| Arm::default(),
                    take: |line: &mut &mut Line, arm: Arm| {
                        line.arms.push(arm);
                        line.arm_budget.take()
                    },
                });
            }
            _ => return json::skip(map),
        }
        Ok(())
    }
}

/// An arm of a branch: a way out of a block. Ways out by an exception are arms too, as gcovr counts them.
#[derive(Default)]
struct Arm {
    taken: bool,
    number: Option<u32>,
    from_block: Option<u32>,
    to_block: Option<u32>,
    is_excluded: bool,
}

impl Arm {
    /// What tells it from the line's others in the same function: gcovr's own key, or, where the versions have none, its order.
    fn id(&self, index: usize) -> String {
        let part = |part: Option<u32>| part.map_or_else(String::new, |part| part.to_string());
        match (self.number, self.from_block, self.to_block) {
            (None, None, None) => format!("#{index}"),
            (number, from, to) => format!("{}:{}-{}", part(number), part(from), part(to)),
        }
    }
}

impl Fields for Arm {
    const WHAT: &'static str = "a branch";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        match key {
            b"count" => self.taken = map.next_value::<Hits>()?.0,
            b"branchno" => self.number = map.next_value()?,
            b"source_block_id" => self.from_block = map.next_value()?,
            b"destination_block_id" => self.to_block = map.next_value()?,
            b"gcovr/excluded" => self.is_excluded = map.next_value::<Option<bool>>()? == Some(true),
            _ => return json::skip(map),
        }
        Ok(())
    }
}

/// A function. gcov's `start_line` is gcovr's `lineno`.
#[derive(Default)]
struct Function {
    line: Option<u32>,
    name: Option<Vec<u8>>,
    demangled: Option<Vec<u8>>,
    ran: bool,
    is_excluded: bool,
}

impl Fields for Function {
    const WHAT: &'static str = "a function";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &[u8], map: &mut A) -> Result<(), A::Error> {
        let name = |name: Option<Name>| name.map(|name| name.0);
        match key {
            b"start_line" | b"lineno" => self.line = Some(map.next_value::<LineNumber>()?.0),
            b"name" => self.name = map.next_value().map(name)?,
            b"demangled_name" => self.demangled = map.next_value().map(name)?,
            b"execution_count" => self.ran = map.next_value::<Option<Hits>>()?.is_some_and(|hits| hits.0),
            b"gcovr/excluded" => self.is_excluded = map.next_value::<Option<bool>>()? == Some(true),
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        }
        Ok(())
    }
}
