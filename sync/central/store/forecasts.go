package store

import (
	"slices"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

// together adds one forecast to another of the same day and time. What both say of one vaccine, the
// later one says.
func together(a, b registry.Forecast) registry.Forecast {
	same := func(r record.Recommendation) bool {
		return slices.ContainsFunc(b.All, func(o record.Recommendation) bool { return o.CVX == r.CVX && o.Disease == r.Disease })
	}
	kept := slices.DeleteFunc(slices.Clone(a.All), same)
	return registry.Forecast{AsOf: a.AsOf, All: append(kept, b.All...), Unread: a.Unread + b.Unread}
}

func sameForecast(a, b registry.Forecast) bool {
	return a.AsOf == b.AsOf && a.Unread == b.Unread && slices.Equal(a.All, b.All)
}
