// Package desk runs visits.
package desk
