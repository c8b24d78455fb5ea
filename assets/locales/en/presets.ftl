# Announcements that are offered, each at most 120 characters.

presets-label = Start from
presets-none = Your own words
presets-left = { $left ->
    [one] { $left } character left
   *[other] { $left } characters left
}
preset-emergency = In an emergency do not write here: call your local emergency number at once.
preset-watched = Messages are not watched all the time. In a crisis call a crisis line or emergency services.
preset-reply = I answer on working days, as a rule within one day.
preset-early = Please be here ten minutes before we start, so that we can begin on time.
