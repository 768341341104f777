package config

import "vaxkiosk/app/keypad"

// keypad reads what the keys are for: a preset, and keys of the site's own for a command.
func (f file) keypad() keypad.Bindings {
	preset := keypad.Presets[0]
	if f.Has("keypad.preset") {
		preset = f.OneOf("keypad.preset", keypad.Presets...)
	}
	own := map[keypad.Command][]string{}
	for _, c := range keypad.Commands {
		if keys, set := f.keys("keypad." + string(c)); set {
			own[c] = keys
		}
	}
	bindings, wrong := keypad.Bind(preset, own)
	for _, w := range wrong {
		f.Wrong("keypad."+string(w.Of), "%s", w.Text)
	}
	return bindings
}

// keys reads a list of keys, which may be empty: then nothing is for the command.
func (f file) keys(key string) (keys []string, set bool) {
	if !f.Has(key) {
		return nil, false
	}
	if all, is := f.Value(key).([]any); is && len(all) == 0 {
		return nil, true
	}
	keys = f.Texts(key, `a list of keys such as ["Down", "scan:191"], or to [] for none`)
	return keys, keys != nil
}
