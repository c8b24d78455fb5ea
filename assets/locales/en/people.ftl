# People of the practice: the list, somebody new, a chart.
