//! The controls over HTTP.

use super::Control;
use crate::faults::Rule;
use crate::front::{Answer, json, small_body};
use crate::server::Shared;
use crate::store::BucketOptions;
use crate::sts::KnownToken;
use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::Arc;

/// Where they are.
pub(crate) const PATH: &str = "/_sim/";

/// Serves a call; never counted, never struck by a fault.
pub(crate) async fn serve(shared: &Arc<Shared>, request: Request<Incoming>) -> Answer {
    let control = Control::new(Arc::clone(shared));
    let (parts, body) = request.into_parts();
    let body = small_body(body).await.unwrap_or_default();
    let given: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let name = parts.uri.path().strip_prefix(PATH).unwrap_or("");
    if name == "killed" {
        let number = control.until_killed().await;
        return json(StatusCode::OK, &json!({ "number": number }));
    }
    let query = parts.uri.query().unwrap_or("");
    let outcome = match parts.method {
        Method::GET => look(&control, name, query),
        _ => change(&control, &parts.method, name, &given),
    };
    match outcome {
        Ok(value) => json(StatusCode::OK, &value),
        Err(why) => json(StatusCode::BAD_REQUEST, &json!({ "error": why })),
    }
}

fn look(control: &Control, name: &str, query: &str) -> Result<Value, String> {
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next();
        percent_decode_str(found.unwrap_or("")).decode_utf8_lossy().into_owned()
    };
    let written = |value: Result<Value, serde_json::Error>| value.map_err(|why| why.to_string());
    match name {
        "counts" => written(serde_json::to_value(control.counts())),
        "log" => written(serde_json::to_value(control.log())),
        "state" => Ok(json!({ "killed_at": control.killed_at(), "total": control.counts().total })),
        "objects" => written(serde_json::to_value(control.objects(&parameter("bucket"), &parameter("prefix")))),
        "uploads" => Ok(json!({ "uploads": control.uploads(&parameter("bucket")) })),
        "invalidations" => written(serde_json::to_value(control.invalidations())),
        "purges" => written(serde_json::to_value(control.purges())),
        _ => Err(format!("nothing is called {name}")),
    }
}

fn change(control: &Control, method: &Method, name: &str, given: &Value) -> Result<Value, String> {
    let text = |name: &str| given[name].as_str().unwrap_or("").to_owned();
    let number = |name: &str| given[name].as_i64();
    match (method, name) {
        (&Method::POST, "reset") => control.reset(),
        (&Method::PUT, "faults") => {
            let rules: Vec<Rule> = serde_json::from_value(given.clone()).map_err(|why| why.to_string())?;
            control.set_faults(rules);
        }
        (&Method::POST, "faults") => {
            control.add_fault(serde_json::from_value(given.clone()).map_err(|why| why.to_string())?);
        }
        (&Method::DELETE, "faults") => control.set_faults(Vec::new()),
        (&Method::POST, "revive") => control.revive(),
        (&Method::POST, "clock") => {
            let max_skew_s = given["max_skew_s"].as_u64().unwrap_or(crate::clock::MAX_SKEW_S);
            control.set_clock(number("offset_s").unwrap_or(0), max_skew_s);
        }
        (&Method::POST, "age") => {
            let aged = control.age(&text("bucket"), &text("prefix"), number("by_s").unwrap_or(0));
            return Ok(json!({ "keys": aged }));
        }
        (&Method::POST, "buckets") => control.add_bucket(&text("name"), bucket(given)),
        (&Method::POST, "expire-sessions") => control.expire_sessions(),
        (&Method::POST, "tokens") => {
            let now_s = control.shared.clock.now_s();
            control.add_token(KnownToken {
                token: text("token"),
                audience: given["audience"].as_str().unwrap_or("sts.amazonaws.com").to_owned(),
                expires_s: now_s + number("expires_in_s").unwrap_or(300),
                denied: given["denied"].as_bool().unwrap_or(false),
            });
        }
        (&Method::POST, "stop") => control.stop(),
        _ => return Err(format!("nothing is called {method} {name}")),
    }
    Ok(json!({}))
}

fn bucket(given: &Value) -> BucketOptions {
    let defaults = BucketOptions::default();
    let flag = |name: &str, default: bool| given[name].as_bool().unwrap_or(default);
    BucketOptions {
        region: given["region"].as_str().map(str::to_owned),
        owner: given["owner"].as_str().map_or(defaults.owner, str::to_owned),
        versioning: flag("versioning", defaults.versioning),
        acls: flag("acls", defaults.acls),
        listable: flag("listable", defaults.listable),
    }
}
