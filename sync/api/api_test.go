package api

import (
	"os"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestTheLimitsOfCountsAreThoseOfTheContract(t *testing.T) {
	b, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Components struct {
			Schemas struct {
				UsageBatch struct {
					Properties struct {
						Counts struct {
							MaxProperties        int `yaml:"maxProperties"`
							AdditionalProperties struct {
								Minimum int `yaml:"minimum"`
							} `yaml:"additionalProperties"`
						} `yaml:"counts"`
					} `yaml:"properties"`
				} `yaml:"UsageBatch"`
			} `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(b, &contract); err != nil {
		t.Fatal(err)
	}
	c := contract.Components.Schemas.UsageBatch.Properties.Counts
	if c.AdditionalProperties.Minimum != 1 || c.MaxProperties != UsageNames {
		t.Errorf("the contract says counts from %d, %d names, and the code 1 and %d", c.AdditionalProperties.Minimum, c.MaxProperties, UsageNames)
	}
}
