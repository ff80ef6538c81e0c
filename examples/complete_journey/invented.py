# SPDX-License-Identifier: PostgreSQL
"""Words to invent people from: common US given names, the most frequent surnames of the 2010 census (public
domain), street names, and a few cities of Ohio. The people made of them are invented; any likeness is chance."""

MALE = """
James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony
Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan
Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Frank
Patrick Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Noah Ethan
Jeremy Walter Christian Keith Roger Terry Austin Sean Gerald Carl Harold Dylan Arthur Lawrence Jordan Jesse
Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert Willie Elijah Wayne Randy Vincent Mason Roy Ralph Bobby
Russell Bradley Philip Eugene Luis Carlos Miguel Antonio Pedro Diego Omar Ahmed Ali Hassan Ivan Wei
Chen Raj Arjun Kofi Kwame Hiroshi Kenji Tomas Mateo Luca Marco Hans Karl Lars Sven Pierre
""".split()

FEMALE = """
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret
Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia
Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Debra Rachel
Carolyn Janet Maria Olivia Heather Helen Catherine Diane Julie Victoria Joyce Lauren Kelly Christina Ruth
Joan Virginia Judith Evelyn Hannah Andrea Megan Cheryl Jacqueline Madison Teresa Abigail Sophia Martha Sara
Gloria Janice Kathryn Ann Isabella Judy Charlotte Julia Grace Amber Alice Jean Denise Frances Danielle
Marilyn Natalie Beverly Diana Brittany Theresa Kayla Alexis Doris Lori Tiffany Fatima Aisha Leila Priya
Anjali Mei Ling Yuki Sakura Ingrid Astrid Chloe Camille Lucia Elena Sofia Carmen Rosa Ana Isabel
""".split()

SURNAMES = """
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson
Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis
Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera
Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart
Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim
Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo
Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler
Henderson Barnes Gonzales Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton Graham Reynolds
Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford
Castro Marshall Owens Harrison Fernandez Mcdonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman
Webb Tucker Guzman Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon
Munoz Hunt Hicks Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice
Schmidt Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer
Hawkins Arnold Pierce Vazquez Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong
Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards
Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega Watkins Greene
Nunez Wheeler Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson Austin Dominguez Carr
Lawson Jacobs Obrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey Williamson Gilbert Dean Sims
Espinoza Howell Li Wong Reid Hanson Le Mccoy Garrett Burton Fuller Wang Weber Welch Rojas Lucas Marquez
Fields Park Yang Little Banks Padilla Day Walsh Bowman Schultz Luna Fowler Mejia Davidson Acosta Brewer May
Holland Juarez Newman Pearson Curtis Cortez Douglas Schneider Joseph Barrett Navarro Figueroa Keller Avila
Wade Molina Stanley Hopkins Campos Barnett Bates Chambers Caldwell Beck Lambert Miranda Byrd Craig Ayala
Lowe Frazier Powers Neal Leonard Gregory Carrillo Sutton Fleming Rhodes Shelton Schwartz Norris Jennings
Watts Duran Walters Cohen Mcdaniel Moran Parks Steele Vaughn Becker Holt Deleon Barker Terry Hale Leon Hail
Benson Haynes Horton Miles Lyons Pham Graves Bush Thornton Wolfe Warner Cabrera Mckinney Mann Zimmerman
Dawson Lara Fletcher Page Mccarthy Love Robles Cervantes Solis Erickson Reeves Chang Klein Salinas Fuentes
Baldwin Daniel Simon Velasquez Hardy Higgins Aguirre Lin Cummings Chandler Sharp Barber Bowen Ochoa Dennis
Robbins Liu Ramsey Francis Griffith Paul Blair Oconnor Cardenas Pacheco Cross
""".split()

STREETS = """
Main Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Park Church Willow Meadow
Forest Highland River Sunset Jackson Lincoln Cherry Dogwood Adams Jefferson Franklin Madison Monroe Center
Mill School College Valley View Green Birch Spruce Chestnut Hickory Magnolia Laurel Poplar Sycamore Cypress
Juniper Aspen Hawthorn Holly Rose Lily Ivy Fern Orchard Vineyard Garden Harbor Bay Ocean Beach Shore Island
Canyon Mesa Prairie Creek Brook Falls Bridge Ferry Depot Station Railroad Industrial Commerce Market Court
King Queen Prince Duke Liberty Union Independence Constitution Heritage Colonial Victory Grand Broadway
Summit Crescent Prospect Pleasant Fairview Grandview Clearview Westview Eastview Southgate Northgate
Westgate Eastgate Kingston Oxford Cambridge Windsor Lancaster York Essex Sussex Kent Devon Somerset Bristol
Canterbury Stratford Sherwood Nottingham Lexington Concord Salem Plymouth Dover Hampton Arlington
""".split()

NICKNAMES = {name: nicks.split(",") for name, nicks in (entry.split("=") for entry in """
James=Jim,Jimmy,Jamie John=Johnny,Jack Robert=Bob,Rob,Bobby,Robbie,Bert Michael=Mike,Mick,Mikey
William=Bill,Will,Billy,Liam David=Dave,Davey Richard=Rick,Dick,Rich,Richie Joseph=Joe,Joey Thomas=Tom,Tommy
Charles=Charlie,Chuck,Chas Christopher=Chris,Topher,Kit Daniel=Dan,Danny Matthew=Matt Anthony=Tony
Donald=Don,Donny Steven=Steve Andrew=Andy,Drew Joshua=Josh Kenneth=Ken,Kenny Timothy=Tim Ronald=Ron,Ronnie
Edward=Ed,Eddie,Ted,Ned Jeffrey=Jeff Jacob=Jake Nicholas=Nick,Nicky Jonathan=Jon,Jonny Stephen=Steve,Steph
Benjamin=Ben,Benny Samuel=Sam,Sammy Gregory=Greg Alexander=Alex,Sasha,Xander Patrick=Pat,Paddy Raymond=Ray
Dennis=Denny Nathan=Nate Henry=Harry,Hank Douglas=Doug Zachary=Zach,Zack Peter=Pete Walter=Walt
Gerald=Gerry,Jerry Lawrence=Larry Arthur=Art Albert=Al,Bert Vincent=Vince Eugene=Gene Bradley=Brad
Philip=Phil Patricia=Pat,Patty,Trish Jennifer=Jen,Jenny Elizabeth=Liz,Beth,Betty,Eliza,Lizzie
Barbara=Barb,Babs Susan=Sue,Susie Jessica=Jess,Jessie Margaret=Maggie,Meg,Peggy Kimberly=Kim Emily=Em
Michelle=Shelly Amanda=Mandy Melissa=Mel,Missy Deborah=Deb,Debbie Stephanie=Steph Rebecca=Becky,Becca
Cynthia=Cindy Kathleen=Kathy,Kate Angela=Angie Pamela=Pam Nicole=Nikki Samantha=Sam,Sammie
Katherine=Kate,Katie,Kathy,Kat Christine=Chris,Tina,Chrissy Catherine=Cathy,Kate,Cat Victoria=Vicky,Tori
Christina=Tina,Chris Judith=Judy Jacqueline=Jackie Abigail=Abby Isabella=Bella,Izzy Kathryn=Kathy,Kate
Theresa=Terri,Tess Alexis=Lexi,Alex Danielle=Dani Natalie=Nat Antonio=Tony Sandra=Sandy Dorothy=Dot,Dottie
""".split())}

SUFFIXES = [("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr"), ("Lane", "Ln"), ("Court", "Ct"),
            ("Boulevard", "Blvd"), ("Way", "Way"), ("Place", "Pl"), ("Circle", "Cir")]

# city, first three digits of its postal codes, telephone area code
CITIES = [("Columbus", "432", "614"), ("Cincinnati", "452", "513"), ("Dayton", "454", "937"),
          ("Cleveland", "441", "216"), ("Toledo", "436", "419"), ("Akron", "443", "330")]

# Reserved names (RFC 2606): no mail sent to these can reach anybody.
DOMAINS = [("example.com", 34), ("example.net", 16), ("example.org", 10), ("mail.example", 18), ("inbox.example", 12),
           ("post.example", 7), ("fiber.example", 3)]

COMPANIES = ["Buckeye Plumbing", "Maple & Main LLC", "Riverside Dental", "Oak Ridge Schools", "Lakeview Clinic",
             "Kettering Tool Co.", "Northside Realty", "Erie Freight, Inc."]
