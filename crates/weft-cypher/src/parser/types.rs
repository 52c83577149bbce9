//! The types that `IS ::` asks for: `INTEGER NOT NULL`, `LIST<STRING | FLOAT>`.

use super::{Parsed, Parser};
use crate::lexer::Kind;
use crate::suggest::did_you_mean;
use crate::type_test::{TypeName, TypeTest, WORDS};
use crate::{Detail, Error};

impl Parser<'_> {
    /// Types joined by bars, which are all the same about null: who takes it in one takes it in all.
    pub(super) fn type_test(&mut self) -> Parsed<TypeTest> {
        let mut test = self.type_of_values()?;
        // A bar behind the types of a comprehension's condition is the comprehension's.
        while !self.bar_ends && self.eat(Kind::Bar) {
            let next = self.type_of_values()?;
            test.any_of.extend(next.any_of);
            test.is_not_null &= next.is_not_null;
        }
        Ok(test)
    }

    fn type_of_values(&mut self) -> Parsed<TypeTest> {
        let mut test = self.nested(1, Self::named_type)?;
        if self.at(Kind::Not) && self.next_kind() == Kind::Null {
            self.advance();
            self.advance();
            test.is_not_null = true;
        }
        Ok(test)
    }

    fn named_type(&mut self) -> Parsed<TypeTest> {
        let start = self.token().span;
        if self.next_kind() == Kind::Less {
            let word = self.text_of(self.token()).to_uppercase();
            match word.as_str() {
                "LIST" | "ARRAY" => {
                    let of = Box::new(self.type_in_angles()?);
                    return Ok(one(TypeName::List(of)));
                }
                "ANY" => return self.type_in_angles(),
                _ => {}
            }
        }
        let (n_words, name) = self.type_ahead();
        let Some(name) = name else {
            let written = self.text_of(self.token()).to_uppercase();
            let message = format!("expected a type, found {}", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, start, message);
            let known = WORDS.iter().map(|(words, _)| *words).chain(["LIST<ANY>"]);
            let hint = did_you_mean(&written, known).unwrap_or_else(|| {
                "`::` asks whether a value is of a type (`STRING`, `INTEGER`, `LIST<FLOAT>`, ..); \
                 `toString(..)`, `toInteger(..)` and their like convert one"
                    .to_owned()
            });
            return Err(self.report(error.with_hint(hint)));
        };
        for _ in 0..n_words {
            self.advance();
        }
        Ok(one(name))
    }

    /// The type whose words stand here, and how many they are: the longest that fits.
    fn type_ahead(&self) -> (usize, Option<TypeName>) {
        let fits = |words: &str| {
            let mut words = words.split(' ').enumerate();
            words.all(|(n, word)| {
                let token = self.tokens.get(self.position + n);
                token.is_some_and(|it| self.text_of(*it).eq_ignore_ascii_case(word))
            })
        };
        let found = WORDS.iter().filter(|(words, _)| fits(words));
        let longest = found.max_by_key(|(words, _)| words.split(' ').count());
        longest.map_or((0, None), |(words, name)| (words.split(' ').count(), Some(name.clone())))
    }

    /// `LIST<type>`: what stands between the angles.
    fn type_in_angles(&mut self) -> Parsed<TypeTest> {
        self.advance();
        self.advance();
        let outer_bar = std::mem::take(&mut self.bar_ends);
        let of = self.type_test();
        self.bar_ends = outer_bar;
        let of = of?;
        self.expect(Kind::Greater, "`>`")?;
        Ok(of)
    }
}

fn one(name: TypeName) -> TypeTest {
    TypeTest { any_of: vec![name], is_not_null: false }
}
