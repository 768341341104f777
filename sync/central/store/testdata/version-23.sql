PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE version (n INTEGER PRIMARY KEY, applied INTEGER NOT NULL);
INSERT INTO version VALUES(1,1796062213);
INSERT INTO version VALUES(2,1796062213);
INSERT INTO version VALUES(3,1796062213);
INSERT INTO version VALUES(4,1796062213);
INSERT INTO version VALUES(5,1796062213);
INSERT INTO version VALUES(6,1796062213);
INSERT INTO version VALUES(7,1796062213);
INSERT INTO version VALUES(8,1796062213);
INSERT INTO version VALUES(9,1796062213);
INSERT INTO version VALUES(10,1796062213);
INSERT INTO version VALUES(11,1796062213);
INSERT INTO version VALUES(12,1796062213);
INSERT INTO version VALUES(13,1796062213);
INSERT INTO version VALUES(14,1796062213);
INSERT INTO version VALUES(15,1796062213);
INSERT INTO version VALUES(16,1796062213);
INSERT INTO version VALUES(17,1796062213);
INSERT INTO version VALUES(18,1796062213);
INSERT INTO version VALUES(19,1796062213);
INSERT INTO version VALUES(20,1796062213);
INSERT INTO version VALUES(21,1796062213);
INSERT INTO version VALUES(22,1796062213);
INSERT INTO version VALUES(23,1796062213);
CREATE TABLE people (
	number    INTEGER PRIMARY KEY,
	given     TEXT NOT NULL,
	family    TEXT NOT NULL,
	birth     TEXT NOT NULL,
	gender    TEXT NOT NULL,
	phone     TEXT NOT NULL,
	email     TEXT NOT NULL,
	phone_key TEXT, -- NULL when there is none to match on
	email_key TEXT
, run INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO people VALUES(1,'Sadira','Ottawa','1987-12-14','female','+17745550182','','+17745550182',NULL,4);
INSERT INTO people VALUES(2,'Carleton','Greeley','1959-12-06','male','+13395550148','','+13395550148',NULL,0);
INSERT INTO people VALUES(3,'Sasha','Christian','1990-12-21','female','+18575550141','','+18575550141',NULL,4);
INSERT INTO people VALUES(4,'Sabira','Christian','2018-06-26','female','+18575550141','','+18575550141',NULL,1);
INSERT INTO people VALUES(5,'Effie','Upton','1978-04-04','female','+17815550184','upton.4@example.com','+17815550184','upton.4@example.com',1);
INSERT INTO people VALUES(6,'Rianne','Upton','1980-11-15','female','+17815550184','upton.4@example.com','+17815550184','upton.4@example.com',1);
INSERT INTO people VALUES(7,'Elita','Upton','2010-04-04','female','+17815550184','upton.4@example.com','+17815550184','upton.4@example.com',1);
INSERT INTO people VALUES(8,'Katelin','Upton','2018-01-29','female','+17815550184','upton.4@example.com','+17815550184','upton.4@example.com',1);
INSERT INTO people VALUES(9,'Valentino','Upton','2026-07-04','male','+17815550184','upton.4@example.com','+17815550184','upton.4@example.com',1);
INSERT INTO people VALUES(10,'An','Tsai','1995-04-23','male','+17815550105','','+17815550105',NULL,1);
INSERT INTO people VALUES(11,'Tienette','Tsai','2001-09-19','female','+17815550105','','+17815550105',NULL,1);
INSERT INTO people VALUES(12,'Mei','Tsai','2015-08-13','female','+17815550105','','+17815550105',NULL,1);
INSERT INTO people VALUES(14,'Draven','Deschutes','1937-04-29','male','+18575550167','','+18575550167',NULL,3);
INSERT INTO people VALUES(16,'Dion','Delta','1940-04-23','male','','delta.7@example.org',NULL,'delta.7@example.org',3);
INSERT INTO people VALUES(18,'Akina','San Saba','1939-10-15','female','+17745550188','','+17745550188',NULL,3);
INSERT INTO people VALUES(20,'Butterfly','Lee','2006-12-30','female','+13515550180','','+13515550180',NULL,3);
INSERT INTO people VALUES(22,'Jeff','Lee','2025-04-02','male','+13515550180','','+13515550180',NULL,3);
INSERT INTO people VALUES(24,'Hermelinda','Fairfield','1976-06-25','female','+14135550175','','+14135550175',NULL,3);
INSERT INTO people VALUES(1099511627777,'Cheng','Tsai','2021-01-25','male','+17815550105','','+17815550105',NULL,3);
INSERT INTO people VALUES(1099511627778,'Ciprien','Delta','1938-11-03','male','','delta.7@example.org',NULL,'delta.7@example.org',3);
INSERT INTO people VALUES(1099511627779,'Lakota','Montague','1992-10-02','female','+13395550156','','+13395550156',NULL,3);
INSERT INTO people VALUES(1099511627780,'Hema','San Saba','1941-12-16','female','+17745550188','','+17745550188',NULL,3);
INSERT INTO people VALUES(1099511627781,'Pratap','Lee','2004-01-26','male','+13515550180','','+13515550180',NULL,3);
INSERT INTO people VALUES(1099511627782,'Yun','Ung','1943-01-23','female','+16175550121','','+16175550121',NULL,3);
CREATE TABLE doses (
	person       INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
	n            INTEGER NOT NULL, -- newest first
	date         TEXT NOT NULL,
	cvx          TEXT NOT NULL,
	product      TEXT NOT NULL,
	manufacturer TEXT NOT NULL,
	lot          TEXT NOT NULL,
	performer    TEXT NOT NULL,
	status       TEXT NOT NULL, not_valid INTEGER NOT NULL DEFAULT 0, historical INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (person, n)
) STRICT, WITHOUT ROWID;
INSERT INTO doses VALUES(1,0,'2022-06-14','140','Afluria trivalent, preservative free','Seqirus','UH0135F','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(1,1,'2018-06-29','140','Flulaval trivalent, preservative free','ID Biomedical','CN8997J','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(1,2,'2015-06-29','140','Afluria trivalent, preservative free','Seqirus','DQ0208N','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(1,3,'2009-07-02','140','Afluria trivalent, preservative free','Seqirus','BV8797D','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(1,4,'2007-07-05','140','Afluria trivalent, preservative free','Seqirus','QZ4048S','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(1,5,'2005-07-01','140','Afluria trivalent, preservative free','Seqirus','','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(2,0,'2025-12-28','33','PNEUMOVAX 23','Merck and Co., Inc.','CHANGED','Berkshire Hills Medical','completed',0,0);
INSERT INTO doses VALUES(2,1,'2023-06-12','140','Fluzone trivalent, preservative free','Sanofi Pasteur','AF1002K','Northshore Department of Public Health Clinic','completed',1,0);
INSERT INTO doses VALUES(2,2,'2021-06-09','140','Afluria trivalent, preservative free','Seqirus','PW2140V','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(2,3,'2018-06-09','140','Fluarix trivalent, preservative free','GlaxoSmithKline','SK2228U','','completed',0,0);
INSERT INTO doses VALUES(2,4,'2017-06-19','140','Fluzone trivalent, preservative free','Sanofi Pasteur','BS4388Y','Berkshire Hills Medical','completed',0,0);
INSERT INTO doses VALUES(2,5,'2016-06-09','140','Fluzone trivalent, preservative free','Sanofi Pasteur','JS7322O','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(3,0,'2011-06-26','140','Fluzone trivalent, preservative free','Sanofi Pasteur','LH0410O','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(3,1,'1991-04-24','10','IPOL','Sanofi Pasteur','AL4763O','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(4,0,'2026-01-11','140','Flulaval trivalent, preservative free','ID Biomedical','','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(4,1,'2025-01-02','140','Afluria trivalent, preservative free','Seqirus','WZ6311Q','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(4,2,'2023-12-30','140','Flulaval trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(4,3,'2022-12-30','140','Afluria trivalent, preservative free','Seqirus','TL0305Q','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(4,4,'2022-07-17','10','IPOL','Sanofi Pasteur','BT2792W','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(4,5,'2022-07-15','20','INFANRIX','GlaxoSmithKline','CY2341V','','completed',0,0);
INSERT INTO doses VALUES(5,0,'2025-10-05','140','Afluria trivalent, preservative free','Seqirus','ZM1288Z','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(5,1,'2024-10-26','140','Fluarix trivalent, preservative free','GlaxoSmithKline','MZ0709S','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(5,2,'2023-10-21','140','Afluria trivalent, preservative free','Seqirus','UH4680Z','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(5,3,'2022-10-21','140','Flulaval trivalent, preservative free','ID Biomedical','SK2098H','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(5,4,'2020-10-19','140','Fluarix trivalent, preservative free','GlaxoSmithKline','AK7339F','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(5,5,'2019-04-25','113','Tenivac','Sanofi Pasteur','FU0926D','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(6,0,'2024-06-04','140','Fluzone trivalent, preservative free','Sanofi Pasteur','OI7401Z','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(6,1,'2023-05-31','140','Afluria trivalent, preservative free','Seqirus','','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(6,2,'2021-11-23','113','Tenivac','Sanofi Pasteur','EB5816H','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(6,3,'2020-12-02','52','HAVRIX-ADULT','GlaxoSmithKline','LK5364U','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(6,4,'2020-06-05','140','Flulaval trivalent, preservative free','ID Biomedical','UU9237F','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(6,5,'2019-06-07','140','Afluria trivalent, preservative free','Seqirus','','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(7,0,'2026-10-06','140','Flulaval trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(7,1,'2024-10-12','140','Fluzone trivalent, preservative free','Sanofi Pasteur','FR6889E','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(7,2,'2023-10-23','140','Fluarix trivalent, preservative free','GlaxoSmithKline','TZ8052Z','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(7,3,'2021-10-08','140','Fluzone trivalent, preservative free','Sanofi Pasteur','PP7475C','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(7,4,'2021-06-04','62','GARDASIL','Merck and Co., Inc.','','Cape Community Health','entered-in-error',0,0);
INSERT INTO doses VALUES(7,5,'2021-04-24','114','MENACTRA','Sanofi Pasteur','CF1603W','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(8,0,'2026-08-03','140','Flulaval trivalent, preservative free','ID Biomedical','RQ3105X','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(8,1,'2022-02-12','03','M-M-R II','Merck and Co., Inc.','HW8106I','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(8,2,'2022-01-31','20','INFANRIX','GlaxoSmithKline','KN8909V','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(8,3,'2019-02-20','49','PEDVAXHIB','Merck and Co., Inc.','','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(8,4,'2019-02-16','21','VARIVAX','Merck and Co., Inc.','','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(8,5,'2019-02-07','133','PREVNAR 13','Pfizer, Inc','HR2970B','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(9,0,'2026-11-18','49','PEDVAXHIB','Merck and Co., Inc.','AX9355D','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(9,1,'2026-11-11','133','PREVNAR 13','Pfizer, Inc','YF6109V','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(9,2,'2026-09-19','20','INFANRIX','GlaxoSmithKline','UP5100X','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(9,3,'2026-09-15','10','IPOL','Sanofi Pasteur','JI0436Z','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(9,4,'2026-07-04','08','ENGERIX B-PEDS','GlaxoSmithKline','UN4599O','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(10,0,'2026-05-05','113','Tenivac','Sanofi Pasteur','PY6609T','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(10,1,'2024-11-03','140','Fluzone trivalent, preservative free','Sanofi Pasteur','UG2846L','','completed',0,0);
INSERT INTO doses VALUES(10,2,'2020-11-08','140','Fluarix trivalent, preservative free','GlaxoSmithKline','VL4200K','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(10,3,'2016-10-31','140','Fluarix trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(10,4,'2016-05-10','114','MENACTRA','Sanofi Pasteur','EV4285N','','completed',0,0);
INSERT INTO doses VALUES(10,5,'2013-11-09','140','Afluria trivalent, preservative free','Seqirus','ZH7775E','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(11,0,'2022-04-03','140','Afluria trivalent, preservative free','Seqirus','NE8024P','','completed',0,0);
INSERT INTO doses VALUES(11,1,'2021-04-08','140','Fluarix trivalent, preservative free','GlaxoSmithKline','WT7810E','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(11,2,'2017-04-01','140','Fluzone trivalent, preservative free','Sanofi Pasteur','GE4047V','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(11,3,'2015-03-20','140','Flulaval trivalent, preservative free','ID Biomedical','IV9495Y','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(11,4,'2008-04-10','140','Fluarix trivalent, preservative free','GlaxoSmithKline','GR0364Q','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(11,5,'2007-03-30','140','Afluria trivalent, preservative free','Seqirus','','','completed',0,0);
INSERT INTO doses VALUES(12,0,'2026-10-27','62','GARDASIL','Merck and Co., Inc.','CI2664R','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(12,1,'2026-09-04','62','GARDASIL','Merck and Co., Inc.','GZ1795I','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(12,2,'2026-08-19','115','ADACEL','Sanofi Pasteur','KU2583O','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(12,3,'2025-02-15','140','Fluarix trivalent, preservative free','GlaxoSmithKline','DZ0512F','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(12,4,'2023-03-05','140','Fluzone trivalent, preservative free','Sanofi Pasteur','LQ4210E','','completed',0,0);
INSERT INTO doses VALUES(12,5,'2022-02-27','140','Flulaval trivalent, preservative free','ID Biomedical','ES1058Q','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(14,0,'2025-11-20','140','Fluarix trivalent, preservative free','GlaxoSmithKline','','Northshore Department of Public Health Clinic','not-done',0,1);
INSERT INTO doses VALUES(14,1,'2022-11-17','140','Fluzone trivalent, preservative free','Sanofi Pasteur','RR1578F','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(14,2,'2021-11-19','140','Fluzone trivalent, preservative free','Sanofi Pasteur','JG4982H','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(14,3,'2017-11-02','140','Fluarix trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(14,4,'2014-10-31','140','Flulaval trivalent, preservative free','ID Biomedical','','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(14,5,'2010-11-12','140','Flulaval trivalent, preservative free','ID Biomedical','NX9190W','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(16,0,'2026-11-10','140','Flulaval trivalent, preservative free','ID Biomedical','IH6245K','','completed',0,0);
INSERT INTO doses VALUES(16,1,'2023-11-11','140','Flulaval trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(16,2,'2022-10-29','140','Fluarix trivalent, preservative free','GlaxoSmithKline','IM6007R','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(16,3,'2021-10-23','140','Fluzone trivalent, preservative free','Sanofi Pasteur','IJ4329D','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(16,4,'2021-04-27','113','Tenivac','Sanofi Pasteur','WY1285E','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(16,5,'2020-10-23','140','Flulaval trivalent, preservative free','ID Biomedical','XL1711Z','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(18,0,'2026-04-27','140','Flulaval trivalent, preservative free','ID Biomedical','','','not-done',0,1);
INSERT INTO doses VALUES(18,1,'2025-04-19','140','Fluarix trivalent, preservative free','GlaxoSmithKline','WU8708Z','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(18,2,'2022-04-25','140','Fluzone trivalent, preservative free','Sanofi Pasteur','QR5790M','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(18,3,'2020-10-30','113','Tenivac','Sanofi Pasteur','JV3206J','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(18,4,'2020-04-23','140','Flulaval trivalent, preservative free','ID Biomedical','OH2345M','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(18,5,'2019-05-07','140','Fluzone trivalent, preservative free','Sanofi Pasteur','MG1433V','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(20,0,'2024-07-01','140','Fluarix trivalent, preservative free','GlaxoSmithKline','OL2356Y','Berkshire Hills Medical','completed',0,0);
INSERT INTO doses VALUES(20,1,'2023-07-12','140','Fluzone trivalent, preservative free','Sanofi Pasteur','','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(20,2,'2023-01-01','114','MENACTRA','Sanofi Pasteur','ZC5216G','','completed',0,0);
INSERT INTO doses VALUES(20,3,'2019-07-11','140','Afluria trivalent, preservative free','Seqirus','VH7288P','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(20,4,'2018-07-05','62','','','','Quabbin Family Health','not-done',0,0);
INSERT INTO doses VALUES(20,5,'2014-07-14','140','Afluria trivalent, preservative free','Seqirus','ZS4007J','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(22,0,'2026-10-02','140','Fluzone trivalent, preservative free','Sanofi Pasteur','HO5794A','Riverside Urgent Care','not-done',0,1);
INSERT INTO doses VALUES(22,1,'2026-07-09','20','INFANRIX','GlaxoSmithKline','QC9539U','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(22,2,'2026-04-19','21','VARIVAX','Merck and Co., Inc.','QM2533D','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(22,3,'2026-04-12','133','PREVNAR 13','Pfizer, Inc','','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(22,4,'2026-04-10','83','VAQTA-PEDS','Merck and Co., Inc.','','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(22,5,'2026-04-07','49','PEDVAXHIB','Merck and Co., Inc.','JO4363T','Quabbin Family Health','completed',0,0);
INSERT INTO doses VALUES(1099511627777,0,'2026-08-03','140','Flulaval trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(1099511627777,1,'2025-08-05','140','Afluria trivalent, preservative free','Seqirus','KS2378K','','completed',0,0);
INSERT INTO doses VALUES(1099511627777,2,'2025-02-07','10','IPOL','Sanofi Pasteur','SO1506N','Berkshire Hills Medical','completed',0,0);
INSERT INTO doses VALUES(1099511627777,3,'2025-02-05','03','M-M-R II','Merck and Co., Inc.','NJ3560I','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627777,4,'2025-02-03','20','INFANRIX','GlaxoSmithKline','UH6307Y','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(1099511627777,5,'2024-08-11','140','Afluria trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(1099511627778,0,'2026-05-09','140','Afluria trivalent, preservative free','Seqirus','','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627778,1,'2024-05-08','140','Fluarix trivalent, preservative free','GlaxoSmithKline','','Cape Community Health','completed',0,0);
INSERT INTO doses VALUES(1099511627778,2,'2021-05-24','140','Fluarix trivalent, preservative free','GlaxoSmithKline','DZ2082R','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(1099511627778,3,'2020-05-10','140','Fluarix trivalent, preservative free','GlaxoSmithKline','VV0853I','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(1099511627778,4,'2019-11-19','113','','','','Old Mill Pharmacy 12','not-done',0,0);
INSERT INTO doses VALUES(1099511627778,5,'2019-05-12','140','Fluarix trivalent, preservative free','GlaxoSmithKline','JM9902K','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627779,0,'2026-04-09','140','Fluzone trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(1099511627779,1,'2025-04-18','140','Flulaval trivalent, preservative free','ID Biomedical','KW8725G','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627779,2,'2023-10-10','113','Tenivac','Sanofi Pasteur','RS1970T','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627779,3,'2023-04-15','140','Afluria trivalent, preservative free','','','','completed',0,1);
INSERT INTO doses VALUES(1099511627779,4,'2019-04-17','140','Fluarix trivalent, preservative free','GlaxoSmithKline','AE2954U','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(1099511627779,5,'2018-04-17','140','Flulaval trivalent, preservative free','ID Biomedical','JN6569N','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(1099511627780,0,'2024-06-23','140','Afluria trivalent, preservative free','Seqirus','RA8337P','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(1099511627780,1,'2022-12-17','113','Tenivac','Sanofi Pasteur','OG1939S','Old Mill Pharmacy 12','completed',0,0);
INSERT INTO doses VALUES(1099511627780,2,'2020-06-16','140','Afluria trivalent, preservative free','Seqirus','VZ9502E','','completed',0,0);
INSERT INTO doses VALUES(1099511627780,3,'2019-06-28','140','Fluzone trivalent, preservative free','Sanofi Pasteur','XW5956Y','Riverside Urgent Care','completed',0,0);
INSERT INTO doses VALUES(1099511627780,4,'2017-07-02','140','Afluria trivalent, preservative free','Seqirus','BJ2045B','Northshore Department of Public Health Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627780,5,'2016-07-04','140','Afluria trivalent, preservative free','Seqirus','FB7600I','Merrimack Valley Center for Family Medicine','completed',0,0);
INSERT INTO doses VALUES(1099511627781,0,'2025-08-03','140','Flulaval trivalent, preservative free','ID Biomedical','GG3859T','','completed',0,0);
INSERT INTO doses VALUES(1099511627781,1,'2025-02-15','113','Tenivac','Sanofi Pasteur','NU4370N','Elm Square Pediatrics','completed',0,0);
INSERT INTO doses VALUES(1099511627781,2,'2025-02-02','114','MENACTRA','Sanofi Pasteur','VZ1849Y','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627781,3,'2024-07-30','140','Flulaval trivalent, preservative free','ID Biomedical','','','completed',0,0);
INSERT INTO doses VALUES(1099511627781,4,'2023-08-08','140','Flulaval trivalent, preservative free','ID Biomedical','OM0267H','','completed',0,0);
INSERT INTO doses VALUES(1099511627781,5,'2022-08-10','140','Afluria trivalent, preservative free','Seqirus','RO8647E','Town Hall Flu Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627782,0,'2025-08-01','140','Fluzone trivalent, preservative free','Sanofi Pasteur','UM5285W','Northshore Department of Public Health Clinic','completed',1,0);
INSERT INTO doses VALUES(1099511627782,1,'2024-07-26','140','Fluarix trivalent, preservative free','GlaxoSmithKline','LM3181E','Berkshire Hills Medical','completed',0,0);
INSERT INTO doses VALUES(1099511627782,2,'2024-01-23','113','Tenivac','Sanofi Pasteur','ZX5384U','','completed',0,0);
INSERT INTO doses VALUES(1099511627782,3,'2023-07-27','140','Fluzone trivalent, preservative free','Sanofi Pasteur','XW3887B','','completed',0,0);
INSERT INTO doses VALUES(1099511627782,4,'2022-07-23','140','Afluria trivalent, preservative free','Seqirus','SS0500F','Harbor Street Clinic','completed',0,0);
INSERT INTO doses VALUES(1099511627782,5,'2021-07-23','140','Fluzone trivalent, preservative free','Sanofi Pasteur','KJ3069X','Berkshire Hills Medical','completed',0,0);
CREATE TABLE requests (
	id           TEXT PRIMARY KEY,
	receipt      TEXT NOT NULL,
	body_hash    BLOB NOT NULL,
	state        TEXT NOT NULL CHECK (state IN ('received', 'processing', 'answered', 'expired')),
	made         INTEGER NOT NULL,
	expires      INTEGER NOT NULL,
	envelope     BLOB,                       -- sealed; erased when answered
	due          INTEGER NOT NULL,           -- not to be worked on before
	failures     INTEGER NOT NULL DEFAULT 0, -- notices that could not be handed over
	tries        INTEGER NOT NULL DEFAULT 0, -- of PIN and code, counted before they are compared
	pin_hash     BLOB,
	code_hash    BLOB,
	code_expires INTEGER NOT NULL DEFAULT 0,
	person       INTEGER,                    -- whose record it opens, NULL for nobody's
	verdict      TEXT NOT NULL DEFAULT '',
	reasons      TEXT NOT NULL DEFAULT ''    -- codes, no values
, lang TEXT NOT NULL DEFAULT '', channel TEXT NOT NULL DEFAULT '', reminded INTEGER NOT NULL DEFAULT 0, relation TEXT NOT NULL DEFAULT '', renamed INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0, candidates TEXT NOT NULL DEFAULT '', chosen INTEGER, kiosk TEXT NOT NULL DEFAULT '', turn INTEGER NOT NULL DEFAULT 0, held TEXT NOT NULL DEFAULT '', arrived INTEGER NOT NULL DEFAULT 0, shown INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE strays (
	receipt TEXT PRIMARY KEY,
	tries   INTEGER NOT NULL,
	expires INTEGER NOT NULL
, reminded INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE tokens (
	hash    BLOB PRIMARY KEY,
	request TEXT NOT NULL,
	person  INTEGER NOT NULL,
	kiosk   TEXT NOT NULL, -- SHA-256 of its certificate
	expires INTEGER NOT NULL
) STRICT;
INSERT INTO tokens VALUES(X'746f6b656e20636f64652031','req',1,'',4000000000);
INSERT INTO tokens VALUES(X'746f6b656e20636f64652032','req',2,'',4000000000);
INSERT INTO tokens VALUES(X'746f6b656e20636f64652033','req',3,'',4000000000);
INSERT INTO tokens VALUES(X'746f6b656e20636f64652034','req',4,'',4000000000);
INSERT INTO tokens VALUES(X'746f6b656e20636f6465203134','req',14,'',4000000000);
INSERT INTO tokens VALUES(X'746f6b656e20636f6465206d726e2d3133','req',1099511627777,'',4000000000);
INSERT INTO tokens VALUES(X'746f6b656e20636f6465203320616761696e','req',3,'',4000000000);
CREATE TABLE prints (
	request TEXT NOT NULL,
	job     TEXT NOT NULL,
	outcome TEXT NOT NULL,
	pages   INTEGER NOT NULL,
	kiosk   TEXT NOT NULL,
	at      INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '', kiosk_name TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (request, job)
) STRICT;
CREATE TABLE notices (
	request TEXT NOT NULL,
	kind    TEXT NOT NULL,
	channel TEXT NOT NULL,
	at      INTEGER NOT NULL
) STRICT;
CREATE TABLE reminders (
	request TEXT NOT NULL REFERENCES requests ON DELETE CASCADE,
	n       INTEGER NOT NULL,
	other   INTEGER NOT NULL, -- the other contact on file, if there is one
	due     INTEGER NOT NULL,
	PRIMARY KEY (request, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE staff (
	id      TEXT PRIMARY KEY CHECK (id = lower(id)),
	id_hash BLOB NOT NULL UNIQUE, -- keyed; their tries are under it
	pin     BLOB NOT NULL         -- salt, then Argon2id
) STRICT;
CREATE TABLE staff_sessions (
	hash    BLOB PRIMARY KEY,
	staff   TEXT NOT NULL REFERENCES staff ON DELETE CASCADE,
	kiosk   TEXT NOT NULL, -- SHA-256 of its certificate
	expires INTEGER NOT NULL
) STRICT;
CREATE TABLE releases (
	request TEXT NOT NULL,
	staff   TEXT NOT NULL,
	id_kind TEXT NOT NULL,
	kiosk   TEXT NOT NULL,
	at      INTEGER NOT NULL
) STRICT;
CREATE TABLE amendments (
	key       TEXT PRIMARY KEY,
	ref       TEXT NOT NULL,   -- the tracking number
	body_hash BLOB NOT NULL,
	kind      TEXT NOT NULL,
	verified  INTEGER NOT NULL, -- asked for from the open record
	person    INTEGER,          -- whose record was open, NULL when not verified
	state     TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'in-review', 'closed')),
	made      INTEGER NOT NULL,
	expires   INTEGER NOT NULL,
	envelope  BLOB              -- sealed; erased when closed
) STRICT;
CREATE TABLE amendment_looks (
	amendment TEXT NOT NULL REFERENCES amendments ON DELETE CASCADE,
	action    TEXT NOT NULL CHECK (action IN ('show', 'close')),
	staff     TEXT NOT NULL, -- the account that was named, if one was
	os_user   TEXT NOT NULL, -- who ran the program
	at        INTEGER NOT NULL
) STRICT;
CREATE TABLE problems (
	key       TEXT PRIMARY KEY,
	body_hash BLOB NOT NULL,
	kind      TEXT NOT NULL,
	screen    TEXT NOT NULL,
	hour      INTEGER NOT NULL,
	kiosk     TEXT NOT NULL, -- its name
	made      INTEGER NOT NULL
) STRICT;
CREATE TABLE usage_batches (
	key       TEXT PRIMARY KEY,
	body_hash BLOB NOT NULL,
	made      INTEGER NOT NULL
) STRICT;
CREATE TABLE imports (
	run      INTEGER PRIMARY KEY AUTOINCREMENT,
	file     TEXT NOT NULL,              -- without its folder
	bulk     INTEGER NOT NULL,           -- the registry was empty when it began
	bytes    INTEGER NOT NULL DEFAULT 0, -- that are done
	line     INTEGER NOT NULL DEFAULT 0, -- that are done
	digest   BLOB,                       -- state of SHA-256 over these bytes
	kept     INTEGER NOT NULL DEFAULT 0,
	refused  INTEGER NOT NULL DEFAULT 0,
	finished INTEGER NOT NULL DEFAULT 0  -- when; 0 is not yet
) STRICT;
INSERT INTO imports VALUES(1,'people.csv',1,703,14,X'5259594f78e6d3b2e1efa1c8f74f3688842a5eeba2bffcbe69860cd8d0c2c363',12,0,1795424400);
INSERT INTO imports VALUES(2,'people-doses.csv',0,6847,69,X'adbdfc3516506efbaff97212bbb6161d8569819e960fe3039194ca217d472dbd',67,0,1795424400);
INSERT INTO imports VALUES(3,'town.ndjson',0,29305,83,X'3f5c303015210974659141d13b3b22bcf26bf980328aaac20310a00972acd5d9',82,0,1795424400);
INSERT INTO imports VALUES(4,'more.csv',0,188,4,X'5e0d3b925100833db53c792e997467401dd86eecffcc05c96c1b457b6b54b32f',3,0,0);
CREATE TABLE person_ids (
	id     TEXT PRIMARY KEY,
	number INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
INSERT INTO person_ids VALUES('mrn-13',1099511627777);
INSERT INTO person_ids VALUES('mrn-15',1099511627778);
INSERT INTO person_ids VALUES('mrn-17',1099511627779);
INSERT INTO person_ids VALUES('mrn-19',1099511627780);
INSERT INTO person_ids VALUES('mrn-21',1099511627781);
INSERT INTO person_ids VALUES('mrn-23',1099511627782);
CREATE TABLE limits (
	key   BLOB PRIMARY KEY, -- keyed hash
	empty INTEGER NOT NULL  -- milliseconds since 1970
, counted INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE cards (
	kid     TEXT NOT NULL,
	rid     TEXT NOT NULL,
	person  INTEGER,          -- NULL when the person has another one, or is gone
	issued  INTEGER NOT NULL, -- date of the newest card
	revoked INTEGER,
	PRIMARY KEY (kid, rid)
) STRICT, WITHOUT ROWID;
INSERT INTO cards VALUES('key-of-this-year','LPIVp21cc-A',1,1795424400,NULL);
INSERT INTO cards VALUES('key-of-this-year','ZTDbvhPxBzs',14,1795424400,NULL);
INSERT INTO cards VALUES('key-of-this-year','bOSYKuLD25Q',3,1795424400,NULL);
INSERT INTO cards VALUES('key-of-this-year','nOygbGqGWZw',2,1795424400,1795424401);
INSERT INTO cards VALUES('key-of-this-year','qFZniGNCp2c',1099511627777,1795424400,NULL);
INSERT INTO cards VALUES('key-of-this-year','qS6F7odqgb8',4,1795424400,NULL);
INSERT INTO cards VALUES('key-of-this-year','vElcVGVl4AY',NULL,1795424400,0);
CREATE TABLE card_lists (
	kid TEXT PRIMARY KEY,
	ctr INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO card_lists VALUES('key-of-this-year',1796062214);
CREATE TABLE recommendations (
	person INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
	n      INTEGER NOT NULL, -- in the order of the source
	cvx    TEXT NOT NULL,
	status TEXT NOT NULL,
	date   TEXT NOT NULL,    -- when it is due
	as_of  TEXT NOT NULL,
	PRIMARY KEY (person, n)
) STRICT, WITHOUT ROWID;
INSERT INTO recommendations VALUES(16,0,'140','due','2027-09-01','2026-11-01');
INSERT INTO recommendations VALUES(16,1,'03','complete','','2026-11-01');
INSERT INTO recommendations VALUES(22,0,'140','due','2027-09-01','2026-11-01');
INSERT INTO recommendations VALUES(22,1,'03','complete','','2026-11-01');
INSERT INTO recommendations VALUES(1099511627777,0,'140','due','2027-09-01','2026-11-01');
INSERT INTO recommendations VALUES(1099511627777,1,'03','complete','','2026-11-01');
INSERT INTO recommendations VALUES(1099511627780,0,'140','due','2027-09-01','2026-11-01');
INSERT INTO recommendations VALUES(1099511627780,1,'03','complete','','2026-11-01');
CREATE TABLE checks (
	code    BLOB PRIMARY KEY, -- keyed hash
	birth   BLOB NOT NULL,    -- keyed hash of the birth date as it was handed out
	person  INTEGER,          -- NULL when withdrawn
	issued  INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	state   TEXT NOT NULL,              -- unchanged, superseded or withdrawn
	tries   INTEGER NOT NULL DEFAULT 0  -- wrong birth dates
, printed BLOB) STRICT, WITHOUT ROWID;
INSERT INTO checks VALUES(X'',X'0000000000000000000000000000000000000000000000000000000000000000',NULL,0,9223372036854775807,'withdrawn',0,NULL);
INSERT INTO checks VALUES(X'636f64652031',X'68617368206f6620313938372d31322d3134',1,1795424400,1829984400,'unchanged',0,X'e9c5f4fcea2983d20208e8036a19340c5b2508455fd79a472567252ddcd74e32d57d339bd75229fc1dcaf762ab9ebcca');
INSERT INTO checks VALUES(X'636f6465203134',X'68617368206f6620313933372d30342d3239',14,1795424400,1829984400,'unchanged',0,X'a4632c4623fba5622793737cd30aeb497c2061d99d52ab2399b3be91375b17296e7e8c7d9cb4fc8304e12a47aaf62c1e');
INSERT INTO checks VALUES(X'636f64652032',X'68617368206f6620313935392d31322d3036',2,1795424400,1829984400,'superseded',0,X'27a36e090684f0fcfedbc83c6fe2c06071b71d80b87da3ba015d183d79aee5935e5cb7cb6ac1162213eaf813a137abee');
INSERT INTO checks VALUES(X'636f64652033',X'68617368206f6620313939302d31322d3231',NULL,1795424400,1829984400,'withdrawn',0,X'7c92bc87b90210e5388c1e9c9309c8b2');
INSERT INTO checks VALUES(X'636f6465203320616761696e',X'68617368206f6620313939302d31322d3231',3,1795424400,1829984400,'unchanged',0,X'7c92bc87b90210e5388c1e9c9309c8b2');
INSERT INTO checks VALUES(X'636f64652034',X'68617368206f6620323031382d30362d3236',4,1795424400,1829984400,'unchanged',0,X'456decbd755a2d3b9162aa91b72f9afd217ff07da97916db4502b1954a73046b365fadf1b30c559e2430cd346feab844');
INSERT INTO checks VALUES(X'636f6465206d726e2d3133',X'68617368206f6620323032312d30312d3235',1099511627777,1795424400,1829984400,'unchanged',0,X'447f1504aa7916ab9164ca305295ce704aad2264e999e1c4d021a2474bf1aacad2884d6290bbecd06a66e5e1f95b81bd');
CREATE TABLE purged (at INTEGER NOT NULL) STRICT;
CREATE TABLE review_looks (
	request TEXT NOT NULL REFERENCES requests ON DELETE CASCADE,
	action  TEXT NOT NULL CHECK (action IN ('show', 'release', 'close')),
	staff   TEXT NOT NULL, -- the account that was named, if one was
	os_user TEXT NOT NULL, -- who ran the program
	at      INTEGER NOT NULL
) STRICT;
CREATE TABLE folder (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  place TEXT NOT NULL,  -- where the file of the database was when this folder began to send; '' where that cannot be known
  rests INTEGER         -- it was restored then and sends nothing until it is resumed; NULL: it sends
) STRICT;
CREATE TABLE folder_keys (
  kind  TEXT NOT NULL,
  print TEXT NOT NULL,
  since INTEGER NOT NULL,
  gone  INTEGER,        -- trusted no longer since then
  PRIMARY KEY (kind, print)
) STRICT, WITHOUT ROWID;
CREATE TABLE kiosks (
	fingerprint TEXT PRIMARY KEY,     -- SHA-256 of its certificate, in hex
	name        TEXT NOT NULL UNIQUE,
	issued      INTEGER NOT NULL,
	last_seen   INTEGER,              -- NULL: never
	revoked     INTEGER,              -- NULL: let in
	reason      TEXT NOT NULL DEFAULT '',
	revoked_by  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE staff_tries (
	id_hash      BLOB NOT NULL,
	kiosk        TEXT NOT NULL,    -- SHA-256 of its certificate
	failures     INTEGER NOT NULL,
	locks        INTEGER NOT NULL, -- in a row, each twice as long as the one before
	locked_until INTEGER NOT NULL, -- 0 when not locked
	at           INTEGER NOT NULL, -- of the last failure, or the end of the lock; the earliest is forgotten first
	PRIMARY KEY (id_hash, kiosk)
) STRICT;
CREATE TABLE waiting (
	kiosk TEXT PRIMARY KEY,
	n     INTEGER NOT NULL,
	bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE probed (at INTEGER NOT NULL) STRICT;
INSERT INTO probed VALUES(0);
CREATE TABLE usage_days (
	day   TEXT NOT NULL, -- YYYY-MM-DD, of this service's time zone
	kiosk TEXT NOT NULL, -- its name
	name  TEXT NOT NULL, -- of what happened
	n     INTEGER NOT NULL,
	PRIMARY KEY (day, kiosk, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_periods (
	period    TEXT PRIMARY KEY, -- YYYY-MM-DD or YYYY-MM
	published INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_published (
	period TEXT NOT NULL,
	kiosk  TEXT NOT NULL,    -- its name; '' for all together
	name   TEXT NOT NULL,
	n      INTEGER NOT NULL,
	exact  INTEGER NOT NULL, -- 0: at least so many
	PRIMARY KEY (period, kiosk, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE sealing_replaced (
	kid   TEXT PRIMARY KEY,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('imports',4);
CREATE INDEX people_phone ON people (birth, phone_key) WHERE phone_key IS NOT NULL;
CREATE INDEX people_email ON people (birth, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX requests_receipt ON requests (receipt, made);
CREATE INDEX requests_expires ON requests (expires);
CREATE INDEX reminders_due ON reminders (due);
CREATE INDEX amendments_ref ON amendments (ref, made);
CREATE INDEX amendments_expires ON amendments (expires);
CREATE INDEX amendment_looks_amendment ON amendment_looks (amendment);
CREATE INDEX problems_made ON problems (made);
CREATE INDEX usage_batches_made ON usage_batches (made);
CREATE UNIQUE INDEX cards_person ON cards (person, kid) WHERE person IS NOT NULL;
CREATE INDEX cards_revoked ON cards (kid) WHERE revoked IS NOT NULL;
CREATE INDEX checks_person ON checks (person) WHERE person IS NOT NULL;
CREATE INDEX checks_expires ON checks (expires);
CREATE INDEX requests_person ON requests (person) WHERE person IS NOT NULL;
CREATE INDEX requests_living ON requests (expires) WHERE state <> 'expired';
CREATE INDEX tokens_person ON tokens (person);
CREATE INDEX tokens_expires ON tokens (expires);
CREATE INDEX strays_expires ON strays (expires);
CREATE INDEX amendments_person ON amendments (person) WHERE person IS NOT NULL;
CREATE INDEX amendments_open ON amendments (expires) WHERE state <> 'closed';
CREATE INDEX requests_review ON requests (made) WHERE verdict = 'review' AND envelope IS NOT NULL;
CREATE INDEX requests_chosen ON requests (due) WHERE chosen IS NOT NULL;
CREATE INDEX review_looks_request ON review_looks (request);
CREATE INDEX kiosks_revoked ON kiosks (revoked) WHERE revoked IS NOT NULL;
CREATE INDEX staff_tries_at ON staff_tries (at);
CREATE INDEX releases_at ON releases (at);
CREATE INDEX requests_due ON requests (due) WHERE state IN ('received', 'processing') AND held = '';
CREATE INDEX requests_turn ON requests (turn, due) WHERE state IN ('received', 'processing') AND held = '';
CREATE INDEX requests_held ON requests (expires) WHERE held <> '';
CREATE TRIGGER waiting_more AFTER INSERT ON requests WHEN NEW.state IN ('received', 'processing') BEGIN
	INSERT INTO waiting VALUES (NEW.kiosk, 1, coalesce(length(NEW.envelope), 0))
		ON CONFLICT (kiosk) DO UPDATE SET n = n + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER waiting_less AFTER UPDATE OF state ON requests
	WHEN OLD.state IN ('received', 'processing') AND NEW.state NOT IN ('received', 'processing') BEGIN
	UPDATE waiting SET n = n - 1, bytes = bytes - coalesce(length(OLD.envelope), 0) WHERE kiosk = OLD.kiosk;
	DELETE FROM waiting WHERE kiosk = OLD.kiosk AND n <= 0;
END;
CREATE TRIGGER waiting_gone AFTER DELETE ON requests WHEN OLD.state IN ('received', 'processing') BEGIN
	UPDATE waiting SET n = n - 1, bytes = bytes - coalesce(length(OLD.envelope), 0) WHERE kiosk = OLD.kiosk;
	DELETE FROM waiting WHERE kiosk = OLD.kiosk AND n <= 0;
END;
COMMIT;
