use super::*;
use crate::arguments::with_host_arguments;
use clap::ArgAction;

fn tool() -> Command {
    let mut tool = with_host_arguments(
        Command::new("sample-tool")
            .subcommand(
                Command::new("shard")
                    .arg(Arg::new("min-known").long("min-known").default_value("0.5"))
                    .arg(Arg::new("timings").long("timings").num_args(1..).action(ArgAction::Append))
                    .arg(Arg::new("token").long("token"))
                    .arg(Arg::new("strict").long("strict").action(ArgAction::SetTrue)),
            )
            .subcommand(Command::new("merge").arg(Arg::new("reports").num_args(0..)).arg(Arg::new("out").long("out"))),
    );
    tool.build();
    tool
}

fn env(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

/// The command line that a subcommand ends up with.
fn line(command: &str, explicit: &[&str], pairs: &[(&str, &str)], config_text: &str) -> Result<Vec<String>, String> {
    let tool = tool();
    let typed: Vec<OsString> =
        ["sample-tool", command].iter().chain(explicit).map(|arg| OsString::from(*arg)).collect();
    let matches = tool.clone().try_get_matches_from(&typed).map_err(|err| err.to_string())?;
    let chosen_matches = matches.subcommand().unwrap().1;
    let chosen = tool.find_subcommand(command).unwrap();
    let config = config("c.toml", config_text, &tool).map_err(|failure| format!("{failure:?}"))?;
    let env = env(pairs);
    let sources = Sources { env: &env, pipe_variables: true, config: &config };
    let given = collect(&tool, chosen, chosen_matches, &sources).map_err(|failure| failure.message)?;
    let line = arguments(&tool, chosen, &typed, &given).map_err(|failure| failure.message)?;
    Ok(line[2..].iter().map(|arg| arg.to_string_lossy().into_owned()).collect())
}

#[test]
fn kebab_names_arrive_in_three_spellings() {
    for variable in ["INPUT_MIN-KNOWN", "INPUT_MIN_KNOWN", "MIN_KNOWN"] {
        assert_eq!(line("shard", &[], &[(variable, "0.9")], "").unwrap(), ["--min-known=0.9"], "{variable}");
    }
}

#[test]
fn a_flag_beats_the_host_beats_the_file_beats_the_default() {
    let file = "[sample-tool]\nmin-known = 0.7\n";
    assert_eq!(line("shard", &["--min-known", "1"], &[("MIN_KNOWN", "0.9")], file).unwrap(), ["--min-known", "1"]);
    assert_eq!(line("shard", &[], &[("MIN_KNOWN", "0.9")], file).unwrap(), ["--min-known=0.9"]);
    assert_eq!(line("shard", &[], &[], file).unwrap(), ["--min-known=0.7"]);
    assert_eq!(line("shard", &[], &[], "").unwrap(), Vec::<String>::new());
}

#[test]
fn empty_is_unset_so_the_file_wins_over_an_unset_input() {
    let unset = [("INPUT_MIN-KNOWN", ""), ("MIN_KNOWN", "\n")];
    assert_eq!(line("shard", &[], &unset, "[sample-tool]\nmin-known = \"0.7\"").unwrap(), ["--min-known=0.7"]);
}

#[test]
fn booleans_are_words_and_nothing_else() {
    for (word, expected) in
        [("true", 1), ("1", 1), ("Yes", 1), ("on", 1), ("false", 0), ("0", 0), ("NO", 0), ("off", 0)]
    {
        assert_eq!(line("shard", &[], &[("STRICT", word)], "").unwrap().len(), expected, "{word}");
    }
    assert!(line("shard", &[], &[("STRICT", "maybe")], "").unwrap_err().contains("write true or false"));
}

#[test]
fn lists_arrive_by_line_by_index_and_as_arrays() {
    let expected = ["--timings=a b.xml", "--timings=c.xml"];
    assert_eq!(line("shard", &[], &[("INPUT_TIMINGS", " a b.xml\n\nc.xml \n")], "").unwrap(), expected);
    let indexed = [("TIMINGS_COUNT", "2"), ("TIMINGS_0", "a b.xml"), ("TIMINGS_1", "c.xml")];
    assert_eq!(line("shard", &[], &indexed, "").unwrap(), expected);
    assert_eq!(line("shard", &[], &[], "[sample-tool]\ntimings = [\"a b.xml\", \"c.xml\"]").unwrap(), expected);
    assert_eq!(line("shard", &[], &[("TIMINGS_COUNT", "99999999999")], "").unwrap(), Vec::<String>::new());
}

#[test]
fn a_multi_line_value_stays_one_value() {
    assert_eq!(line("shard", &[], &[("TOKEN", "-----BEGIN\nKEY\n")], "").unwrap(), ["--token=-----BEGIN\nKEY"]);
}

#[test]
fn positional_lists_follow_a_double_dash() {
    assert_eq!(line("merge", &[], &[("INPUT_REPORTS", "-a.xml\nb.xml")], "").unwrap(), ["--", "-a.xml", "b.xml"]);
    assert_eq!(line("merge", &["x.xml"], &[("INPUT_REPORTS", "a.xml")], "").unwrap(), ["x.xml"]);
}

#[test]
fn an_input_of_another_command_is_refused_but_a_config_file_may_serve_all() {
    let err = line("merge", &[], &[("INPUT_MIN-KNOWN", "0.9")], "").unwrap_err();
    assert_eq!(err, "input `min-known` (INPUT_MIN-KNOWN) is not used by the command `merge`; remove it");
    assert_eq!(line("merge", &[], &[], "[sample-tool]\nmin-known = 0.9").unwrap(), Vec::<String>::new());
}

#[test]
fn a_config_file_is_judged_with_its_line() {
    let err = line("shard", &[], &[], "[sample-tool]\n\nmin-konwn = 1").unwrap_err();
    assert!(err.contains("`min-konwn` is not an input") && err.contains("line: Some(3)"), "{err}");
    let err = line("shard", &[], &[], "[sample-tool]\ntoken = { a = 1 }").unwrap_err();
    assert!(err.contains("must be text") && err.contains("line: Some(2)"), "{err}");
    let err = line("shard", &[], &[], "a = [").unwrap_err();
    assert!(err.contains("not valid TOML"), "{err}");
    assert_eq!(line("shard", &[], &[], "[other-tool]\nwhatever = 1").unwrap(), Vec::<String>::new());
}

#[test]
fn outside_the_tools_images_a_bare_variable_is_no_input() {
    let tool = tool();
    let typed = ["sample-tool", "shard"];
    let matches = tool.clone().try_get_matches_from(typed).unwrap();
    let env = env(&[("MIN_KNOWN", "0.9"), ("INPUT_TOKEN", "t")]);
    let sources = Sources { env: &env, pipe_variables: false, config: &BTreeMap::new() };
    let chosen = tool.find_subcommand("shard").unwrap();
    let given = collect(&tool, chosen, matches.subcommand().unwrap().1, &sources).unwrap();
    assert_eq!(given.iter().map(|given| given.name.as_str()).collect::<Vec<_>>(), ["token"]);
}
