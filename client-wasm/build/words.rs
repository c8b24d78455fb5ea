//! Takes the Fluent files apart, so that the browser need not: a parser for them, and what it needs
//! in turn, is a tenth of the client. Part of the build script.

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey,
};

use crate::form::{ARGUMENT, CHOICE, CHOICE_ENDS, ID_ENDS, KEY, MESSAGE_ENDS};

/// The words of one file in the form that `src/words/said.rs` reads.
///
/// # Errors
/// Where it is not Fluent, or more of Fluent than our words use: attributes, terms, functions and
/// references to other messages.
pub fn compile(source: &str) -> Result<String, String> {
    let parsed = fluent_syntax::parser::parse(source);
    let resource = parsed.map_err(|(_, errors)| format!("{errors:?}"))?;
    let mut messages = Vec::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                let value = message.value.filter(|_| message.attributes.is_empty());
                let value = value.ok_or_else(|| format!("{id}: attributes are not supported"))?;
                let mut words = String::new();
                pattern(&value, &mut words).map_err(|error| format!("{id}: {error}"))?;
                messages.push((id, words));
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(term) => return Err(format!("-{}: no term is supported", term.id.name)),
            Entry::Junk { content } => return Err(format!("not Fluent: {content}")),
        }
    }
    messages.sort();
    let mut all = String::new();
    for (id, words) in messages {
        all.push_str(id);
        all.push(ID_ENDS);
        all.push_str(&words);
        all.push(MESSAGE_ENDS);
    }
    Ok(all)
}

fn pattern(pattern: &Pattern<&str>, into: &mut String) -> Result<(), String> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text(value, into)?,
            PatternElement::Placeable { expression } => placed(expression, into)?,
        }
    }
    Ok(())
}

fn text(value: &str, into: &mut String) -> Result<(), String> {
    if value.contains(|c: char| c < '\u{20}' && c != '\n') {
        return Err("control characters are marks here".to_owned());
    }
    into.push_str(value);
    Ok(())
}

fn placed(expression: &Expression<&str>, into: &mut String) -> Result<(), String> {
    match expression {
        Expression::Inline(InlineExpression::StringLiteral { value }) => text(value, into),
        Expression::Inline(InlineExpression::VariableReference { id }) => {
            into.extend([ARGUMENT]);
            into.push_str(id.name);
            into.push(ARGUMENT);
            Ok(())
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => placed(expression, into),
        Expression::Inline(other) => Err(format!("not supported: {other:?}")),
        Expression::Select { selector, variants } => {
            let InlineExpression::VariableReference { id } = selector else {
                return Err("only an argument can be chosen by".to_owned());
            };
            into.push(CHOICE);
            into.push_str(id.name);
            let (last, others): (Vec<_>, Vec<_>) = variants.iter().partition(|one| one.default);
            for variant in others.into_iter().chain(last) {
                into.push(KEY);
                into.push_str(key(variant));
                into.push(KEY);
                pattern(&variant.value, into)?;
            }
            into.push(CHOICE_ENDS);
            Ok(())
        }
    }
}

const fn key<'a>(variant: &Variant<&'a str>) -> &'a str {
    match variant.key {
        _ if variant.default => "",
        VariantKey::Identifier { name } => name,
        VariantKey::NumberLiteral { value } => value,
    }
}
