# Searching one's own conversations.

search-words = Search your conversations
search-words-hint = Search
search-close = Close search
search-filters = Filters
search-filters-count = { $count ->
    [one] { $count } filter
   *[other] { $count } filters
}
search-looking = Searching…
search-count = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
search-count-more = The newest { $count }
search-found = What was found
search-hint = Find what was written in your conversations, the archived ones too.
search-hint-phrase = Put quotation marks around words that stand next to each other.
search-none = Nothing was found.
search-none-help = Try fewer words, or only how a word begins.
search-none-filtered = Try fewer words, or fewer filters.
search-more = Show more
search-further = Search further back
search-author = { $name }:
search-person = Written by
search-anyone = Anyone
search-when = When
search-when-any = Any time
search-when-week = Last 7 days
search-when-month = Last 30 days
search-when-year = Last year
search-when-days = Between two days
search-from = From
search-until = Until
search-file = Only files
search-clear = Clear filters
