use super::npm::{OTHERS, project};
use super::programs::{cache, skip, system};
use super::{home, rows, run};
use crate::project::Project;

fn yarn(project: &Project, npx: &str, words: &[&str], more: &[(&str, &str)]) {
    let (home, cache) = (home(), cache("npm"));
    let variables =
        [&[("HOME", home.as_str()), ("npm_config_cache", &cache), ("YARN_ENABLE_TELEMETRY", "0")], more].concat();
    run(project, npx, &[&["--yes"], words].concat(), &variables);
}

#[test]
fn a_project_of_yarn_1_is_read_from_its_tree() {
    let Some(npx) = system("npx") else { return skip("yarn", "install npm, which brings yarn") };
    let project = project();
    let folder = cache("yarn1");
    yarn(
        &project,
        &npx,
        &["yarn@1.22.22", "install", "--ignore-scripts", "--non-interactive", "--cache-folder", &folder],
        &[],
    );
    let checked = project.check(&[]).exits(0);
    rows(&checked, &OTHERS);
    let line = crate::project::line_of(&project.read("yarn.lock"), "left-pad@1.3.0\":");
    assert_eq!(checked.package("left-pad")["line"], line);
    assert_eq!(checked.evidence("left-pad")[1], "node_modules/pad/COPYING text");
    assert_eq!(project.check(&["--lock-only"]).exits(4).json["outputs"]["unproven"], "6");
}

const BERRY: [&str; 2] = ["@yarnpkg/cli-dist@4.9.2", "install"];

#[test]
fn a_project_of_berry_is_read_from_its_archives() {
    let Some(npx) = system("npx") else { return skip("yarn", "install npm, which brings yarn") };
    for (in_project, global) in [("false", "true"), ("true", "false")] {
        let project = project();
        let folder = cache("berry");
        // In the project's own cache, and in the one that all projects of a user share.
        yarn(&project, &npx, &BERRY, &[("YARN_ENABLE_GLOBAL_CACHE", global), ("YARN_GLOBAL_FOLDER", &folder)]);
        assert!(project.at(".pnp.cjs").is_file() && !project.at("node_modules").exists(), "it is PnP");
        let checked = project.check_with(&[("YARN_GLOBAL_FOLDER", &folder)], &[]).exits(0);
        let own = ["@shop/own - - none production exempt", "shop - - none production exempt"];
        rows(&checked, &[&own[..1], &OTHERS[..4], &own[1..], &OTHERS[4..]].concat());
        let evidence = checked.evidence("left-pad");
        assert!(evidence[0].contains(".zip/node_modules/left-pad/package.json:"), "{evidence:?}");
        assert_eq!(evidence[0].starts_with(".yarn/cache/left-pad-npm-1.3.0-"), in_project == "true", "{evidence:?}");
        assert!(evidence[1].ends_with(".zip/node_modules/left-pad/COPYING text"), "{evidence:?}");
        // The project's own cache needs no variable; the shared one can't be found without.
        assert_eq!(project.check(&[]).ran.exit, if in_project == "true" { 0 } else { 4 });
    }
}

#[test]
fn a_project_of_berry_with_node_modules_is_read_from_them() {
    let Some(npx) = system("npx") else { return skip("yarn", "install npm, which brings yarn") };
    let project = project();
    project.write(".yarnrc.yml", "nodeLinker: node-modules\n");
    yarn(&project, &npx, &BERRY, &[("YARN_GLOBAL_FOLDER", &cache("berry"))]);
    let checked = project.check(&[]).exits(0);
    let passing: Vec<String> = checked.adds_up().rows().into_iter().filter(|row| row.ends_with(" pass")).collect();
    assert_eq!(passing, OTHERS);
    assert_eq!(checked.evidence("left-pad")[1], "node_modules/pad/COPYING text");
}
