use super::*;

fn placed(reported: &[&str], tracked: &[&str], roots: &[&str], layout: &Layout) -> Vec<String> {
    let tracked: Vec<String> = tracked.iter().map(|path| (*path).to_owned()).collect();
    let files: Vec<ReportedPath> = reported.iter().map(|path| ReportedPath::new(*path)).collect();
    let roots: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    let index = Index::new(&tracked);
    let show = |place: Place| match place {
        Place::At(at) => tracked[at].clone(),
        Place::Nowhere => "nowhere".to_owned(),
        Place::Ambiguous(of) => of.iter().map(|at| tracked[*at].as_str()).collect::<Vec<_>>().join(" or "),
    };
    let files: Vec<&ReportedPath> = files.iter().collect();
    place(&files, &roots, &index, layout).into_iter().map(show).collect()
}

fn plain(reported: &[&str], tracked: &[&str]) -> Vec<String> {
    placed(reported, tracked, &[], &Layout::default())
}

#[test]
fn a_container_s_prefix_goes() {
    assert_eq!(plain(&["/app/backend/src/a.py"], &["src/a.py", "README.md"]), ["src/a.py"]);
    assert_eq!(plain(&[r"C:\build\src\a.py"], &["src/a.py"]), ["src/a.py"]);
    assert_eq!(plain(&["./src/a.py"], &["src/a.py"]), ["src/a.py"]);
}

#[test]
fn a_package_of_a_monorepo_is_found_by_all_its_files() {
    let tracked = ["packages/a/src/index.js", "packages/a/src/only.js", "packages/b/src/index.js"];
    assert_eq!(
        plain(&["src/index.js", "src/only.js"], &tracked),
        ["packages/a/src/index.js", "packages/a/src/only.js"]
    );
    assert_eq!(
        plain(&["src/index.js"], &tracked),
        ["packages/a/src/index.js or packages/b/src/index.js"],
        "one file alone does not tell"
    );
    let mounted = plain(&["/app/src/index.js", "/app/src/only.js"], &tracked);
    assert_eq!(mounted, ["packages/a/src/index.js", "packages/a/src/only.js"]);
}

#[test]
fn the_root_s_own_file_wins_unless_another_package_explains_more() {
    let tracked = ["src/a.js", "web/src/a.js", "web/src/b.js"];
    assert_eq!(plain(&["src/a.js"], &tracked), ["src/a.js"]);
    assert_eq!(plain(&["src/a.js", "src/b.js"], &tracked), ["web/src/a.js", "web/src/b.js"]);
}

#[test]
fn other_people_s_code_is_nowhere() {
    let tracked = ["index.js", "src/a.js", "src/b.js"];
    let reported = ["/app/src/a.js", "/app/src/b.js", "/app/node_modules/x/index.js", "/app/tools/gen/index.js"];
    assert_eq!(plain(&reported, &tracked), ["src/a.js", "src/b.js", "nowhere", "nowhere"]);
}

#[test]
fn paths_that_leave_the_repository_are_nowhere() {
    let layout = Layout { top: "/work/repo".to_owned(), ..Layout::default() };
    assert_eq!(placed(&["/work/repo/../other/a.py"], &["lib/a.py", "a.py"], &[], &layout), ["a.py"]);
    assert_eq!(placed(&["/work/repo/gone.py"], &["src/gone.py"], &[], &layout), ["nowhere"]);
    assert_eq!(plain(&["../../../etc/passwd"], &["etc/group"]), ["nowhere"]);
}

#[test]
fn roots_of_a_report_are_tried() {
    let tracked = ["lib/util.py", "src/pkg/a.py"];
    assert_eq!(
        placed(&["pkg/a.py"], &tracked, &["/ci/build/lib", "/ci/build/src"], &Layout::default()),
        ["src/pkg/a.py"]
    );
    let both = ["lib/util.py", "src/util.py"];
    let two_roots = ["/ci/build/lib", "/ci/build/src"];
    assert_eq!(placed(&["util.py"], &both, &two_roots, &Layout::default()), ["lib/util.py or src/util.py"]);
}

#[test]
fn go_modules_say_where_they_are() {
    let layout = Layout {
        go_modules: vec![
            ("example.org/m".into(), String::new()),
            ("example.org/m/tools".into(), "internal/tools".into()),
        ],
        ..Layout::default()
    };
    let tracked = ["pkg/a.go", "internal/tools/b.go", "other/pkg/a.go"];
    let reported = ["example.org/m/pkg/a.go", "example.org/m/tools/b.go", "example.org/m/gone.go"];
    assert_eq!(placed(&reported, &tracked, &[], &layout), ["pkg/a.go", "internal/tools/b.go", "nowhere"]);
}

#[test]
fn java_packages_are_found_in_their_modules() {
    let tracked = ["core/src/main/java/com/acme/Order.java", "web/src/main/java/com/acme/Page.java"];
    assert_eq!(plain(&["com/acme/Order.java", "com/acme/Page.java"], &tracked), tracked);
    let twice = ["core/src/main/java/com/acme/App.java", "web/src/main/java/com/acme/App.java"].map(str::to_owned);
    let file = ReportedPath { path: "com/acme/App.java".into(), module: "shop/web".into() };
    let index = Index::new(&twice);
    assert_eq!(place(&[&file], &[], &index, &Layout::default()), [Place::At(1)]);
}

#[test]
fn kotlin_packages_need_no_folders() {
    assert_eq!(plain(&["com/acme/shop/Order.kt"], &["src/main/kotlin/Order.kt"]), ["src/main/kotlin/Order.kt"]);
    let twice = ["a/src/main/kotlin/Order.kt", "b/src/main/kotlin/Order.kt"];
    assert_eq!(plain(&["com/acme/shop/Order.kt"], &twice), [twice.join(" or ")]);
}

#[test]
fn what_the_user_maps_is_mapped() {
    let layout = Layout { maps: vec![("/opt/build/".into(), "services/pay".into())], ..Layout::default() };
    assert_eq!(placed(&["/opt/build/a.py"], &["services/pay/a.py", "a.py"], &[], &layout), ["services/pay/a.py"]);
}

#[test]
fn a_bare_name_and_a_coincidence() {
    assert_eq!(plain(&["a.py"], &["pkg/a.py"]), ["pkg/a.py"]);
    assert_eq!(plain(&["/build/gen/a.py"], &["web/a.py"]), ["nowhere"], "only the name is alike");
}
