//! Pagination of lists within a message.

use notify::telegram::Button;

use crate::callback_data::CallbackData;
use crate::texts;
use crate::view_context::ViewContext;

/// One page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    index: usize,
    count: usize,
    size: usize,
}

impl Page {
    /// The requested page of a list with so many items; the last page if the list became shorter.
    pub fn new(items: usize, size: usize, requested: usize) -> Self {
        let count = items.div_ceil(size).max(1);
        Self { index: requested.min(count - 1), count, size }
    }

    /// The position of the page, from 0.
    pub const fn index(self) -> usize {
        self.index
    }

    /// The items of the page.
    pub fn slice<T>(self, items: &[T]) -> &[T] {
        let start = (self.index * self.size).min(items.len());
        &items[start..items.len().min(start + self.size)]
    }

    /// Buttons to the previous and the next page, as far as there are such pages.
    pub fn neighbour_buttons<C: Into<CallbackData>>(
        self,
        view_ctx: ViewContext<'_>,
        callback: impl Fn(usize) -> C,
    ) -> Vec<Button> {
        let lang = view_ctx.lang;
        let mut buttons = Vec::new();
        if self.index > 0 {
            let label = texts::common::previous_page(lang);
            buttons.push(view_ctx.button(label, callback(self.index - 1)));
        }
        if self.index + 1 < self.count {
            let label = texts::common::next_page(lang, self.index + 2, self.count);
            buttons.push(view_ctx.button(label, callback(self.index + 1)));
        }
        buttons
    }

    /// A button to the next page, and from the last page to the first; `None` on a single page.
    pub fn cycle_button<C: Into<CallbackData>>(
        self,
        view_ctx: ViewContext<'_>,
        callback: impl Fn(usize) -> C,
    ) -> Option<Button> {
        let next = (self.index + 1) % self.count;
        let label = texts::common::page(view_ctx.lang, next + 1, self.count);
        (self.count > 1).then(|| view_ctx.button(label, callback(next)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_its_part_of_the_list() {
        let items = [1, 2, 3, 4, 5];
        assert_eq!(Page::new(5, 2, 0).slice(&items), [1, 2]);
        assert_eq!(Page::new(5, 2, 2).slice(&items), [5]);
        assert_eq!(Page::new(5, 2, 9).index(), 2);
        assert!(Page::new(0, 2, 3).slice(&items[..0]).is_empty());
    }
}
