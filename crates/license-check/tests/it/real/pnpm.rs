use super::npm::{OTHERS, npm, project};
use super::programs::{cache, skip, system};
use super::rows;

#[test]
fn a_project_of_pnpm_is_read_through_its_links() {
    let Some(npx) = system("npx") else { return skip("pnpm", "install npm, which brings pnpm") };
    for (version, format) in [("8.15.9", "6.0"), ("9.15.9", "9.0")] {
        let project = project();
        project.write("pnpm-workspace.yaml", "packages:\n  - packages/*\n");
        let store = format!("--store-dir={}", cache("pnpm"));
        let pnpm = format!("pnpm@{version}");
        npm(&project, &npx, &["--yes", &pnpm, "install", "--ignore-scripts", &store]);
        let text = project.read("pnpm-lock.yaml");
        assert!(text.contains(&format!("lockfileVersion: '{format}'")), "{text}");
        let checked = project.check(&[]).exits(0);
        let own = [". - - none production exempt", "packages/own - - none production exempt"];
        rows(&checked, &[&own[..1], &OTHERS[..4], &own[1..], &OTHERS[4..]].concat());
        let folder = "node_modules/.pnpm/left-pad@1.3.0/node_modules/left-pad";
        let evidence = checked.evidence("left-pad");
        assert!(
            evidence[0].starts_with(&format!("{folder}/package.json:"))
                && evidence[1] == format!("{folder}/COPYING text"),
            "{evidence:?}"
        );
        for package in checked.packages() {
            assert_eq!(package["path"], "pnpm-lock.yaml");
        }
        let alone = project.check(&["--lock-only"]).exits(4);
        assert_eq!(alone.json["outputs"]["unproven"], "6", "pnpm's lock has no licences");
    }
}
