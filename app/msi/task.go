package msi

import (
	"encoding/xml"
	"path/filepath"
	"strings"
)

// template is the scheduled task. A minute after the kiosk has ended it is started again, and never twice;
// the scheduler's own "restart on failure" does not look at the status of a program that ran.
const template = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Starts the kiosk, and again within a minute when it has ended.</Description></RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <Repetition><Interval>PT1M</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>
      <UserId>ACCOUNT</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Kiosk"><UserId>ACCOUNT</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Kiosk">
    <Exec><Command>PROGRAM</Command><Arguments>ARGUMENTS</Arguments></Exec>
  </Actions>
</Task>
`

// task is the scheduled task of an account.
func task(program, dir, account string) string {
	return strings.NewReplacer(
		"ACCOUNT", escaped(account),
		"PROGRAM", escaped(program),
		"ARGUMENTS", escaped(`--config "`+filepath.Join(dir, configFile)+`" --log-file "`+filepath.Join(dir, logFolder, "kiosk.log")+`"`),
	).Replace(template)
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}
