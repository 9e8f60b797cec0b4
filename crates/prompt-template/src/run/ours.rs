//! The helpers that stand in the table with a function of ours.

use std::sync::atomic::Ordering::Relaxed;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, Renderable,
    ScopedJson,
};
use serde_json::Value;

use crate::diagnostic::{Code, Problem};
use crate::helpers::{Does, Given, Halt};
use crate::run::helpers::site_of;
use crate::run::{Of, Run, unfit};
use crate::template::Missing;
use crate::weave::{Called, Role, Stands};

/// All helpers of ours: the site of a call knows which one is meant.
pub(super) struct Ours<'r>(pub(super) &'r Run<'r>);

impl HelperDef for Ours<'_> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        make(self.0, helper)
    }

    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Some((_, called)) = called(self.0, helper) else {
            return Ok(());
        };
        if matches!(called.known.does, Does::Value(_)) {
            return Printed(self.0).call(helper, registry, context, rc, out);
        }
        // As the helpers of handlebars do that stand as blocks too.
        let answer = make(self.0, helper)?.as_json() == &Value::Bool(true);
        if !helper.is_block() {
            return Ok(out.write(if answer { "true" } else { "false" })?);
        }
        let body = if answer { helper.template() } else { helper.inverse() };
        body.map_or(Ok(()), |body| body.render(registry, context, rc, out))
    }
}

/// What handlebars prints by itself.
struct Printed<'r>(&'r Run<'r>);

impl HelperDef for Printed<'_> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        make(self.0, helper)
    }
}

fn called<'r>(run: &'r Run<'_>, helper: &Helper<'_>) -> Option<(usize, &'r Called)> {
    let number = site_of(helper.param(0))?;
    Some((number, run.sites.get(number)?.called.as_ref()?))
}

/// Calls the helper of a site, and reports what it refuses there.
fn make<'rc>(run: &Run<'_>, helper: &Helper<'rc>) -> Result<ScopedJson<'rc>, RenderError> {
    let Some((number, Called { known, stands })) = called(run, helper) else {
        return Ok(ScopedJson::Missing);
    };
    let (Does::Value(does) | Does::Test(does)) = known.does else {
        return Ok(ScopedJson::Missing);
    };
    let site = &run.sites[number];
    let strict = run.missing == Missing::Refuse;
    let may_miss = !strict || *stands == Stands::Optional;
    // A limit that is reached in here is reported here.
    let around = run.site.swap(number, Relaxed);
    let made = match Given::new(run, known, helper, may_miss).and_then(|given| does(&given)) {
        Ok(made) => made,
        Err(Halt::Limit(error)) => return Err(*error),
        Err(Halt::Refused(message)) => {
            run.record(site, Problem::new(Code::Value, site.range.clone(), message), Of::Kind);
            None
        }
    };
    run.site.store(around, Relaxed);
    if let Some(value) = &made
        && known.passes_on
        && *stands == Stands::Printed
        && let Some(message) = unfit(known.name, Role::Printed, value, strict)
    {
        run.record_unfit(site, &site.range, message, value);
    }
    Ok(made.map_or(ScopedJson::Missing, ScopedJson::Derived))
}
