// SPDX-License-Identifier: PostgreSQL
// Spellings of addresses as they occur: the lines of one group are the same address, groups of one set are
// different addresses. Written for this test; the streets exist, the people do not.
#pragma once

#include <string_view>
#include <vector>

namespace support {

struct AddressSet {
    std::string_view country;  // "" when the spellings need none
    std::vector<std::vector<std::string_view>> groups;
};

inline const std::vector<AddressSet>& address_spellings() {
    static const auto* const sets = new std::vector<AddressSet>{
        // English
        {"",
         {
             {"123 Main Street", "123 Main St", "123 Main St.", "123 MAIN ST", "123 main street",
              "123, Main Street", "No. 123 Main Street", "123 Main Str"},
             {"124 Main Street"},
             {"123 Main Street, Apt 4B", "123 Main St Apt 4B", "123 Main St. Apartment 4-B",
              "123 Main St #4B", "123 Main St # 4B", "Apt 4B, 123 Main Street", "123 MAIN STREET UNIT 4B",
              "123 Main St, Apt. #4B"},
             {"123 Main Street, Apt 4C"},
             {"123 Main Avenue", "123 Main Ave", "123 Main Av."},
             {"123 Main Road", "123 Main Rd"},
             {"123 North Main Street", "123 N Main St", "123 N. Main St."},
             {"123 South Main Street", "123 S. Main St"},
             {"123 Main Street North", "123 Main St N"},
         }},
        {"US",
         {
             {"350 Fifth Avenue", "350 5th Ave", "350 5TH AVENUE", "350 Fifth Ave."},
             {"350 Fifth Avenue, Floor 34", "350 5th Ave 34th Floor", "350 5th Ave, Fl 34"},
             {"350 Sixth Avenue"},
             {"1600 Pennsylvania Avenue NW", "1600 Pennsylvania Ave Northwest",
              "1600 Pennsylvania Ave. N.W."},
             {"1600 Pennsylvania Avenue SE"},
             {"100 St Charles Avenue", "100 St. Charles Ave", "100 Saint Charles Ave"},
             {"12 Dr Martin Luther King Boulevard", "12 Dr. Martin Luther King Blvd"},
             {"12 Oak Drive", "12 Oak Dr", "12 OAK DR."},
             {"12 Oak Court", "12 Oak Ct"},
             {"PO Box 123", "P.O. Box 123", "P O Box 123", "Post Office Box 123", "POBox 123", "PO BOX #123"},
             {"PO Box 124"},
             {"1 Infinite Loop, Cupertino, CA 95014", "1 INFINITE LOOP, CUPERTINO, CA 95014"},
         }},
        {"GB",
         {
             {"Flat 2, 10 High Street", "10 High St, Flat 2", "Flat 2 10 High Street"},
             {"Flat 3, 10 High Street"},
             {"221B Baker Street, London NW1 6XE", "221b Baker St, London, NW16XE",
              "221 B Baker St, London NW1 6XE"},
             {"221 Baker Street, London NW1 6XE"},
             {"10 Rose Gardens", "10 Rose Gdns"},
             {"5 St James's Square", "5 St. James's Sq", "5 Saint James's Square"},
         }},
        // Spanish
        {"",
         {
             {"Av. Providencia 1234", "Avenida Providencia 1234", "Avda. Providencia 1234",
              "AVDA PROVIDENCIA N° 1234", "av providencia nº1234", "Avda Providencia, Nro. 1234",
              "Avenida Providencia #1234", "Av. Providencia 1.234"},
             {"Av. Providencia 1235"},
             {"Av. Providencia 1234, Depto. 56", "Avenida Providencia 1234 Departamento 56",
              "AV PROVIDENCIA 1234 DPTO 56", "Av. Providencia 1234, Dpto 56",
              "Av. Providencia 1234 depto. N° 56", "Av Providencia 1234 Dpto.56"},
             {"Av. Providencia 1234, Of. 56", "Av. Providencia 1234 Oficina 56"},
             {"Av. Providencia 1234, Depto. 57"},
             {"Calle Mayor 5", "C/ Mayor, 5", "C/Mayor 5", "Calle Mayor nº 5", "CALLE MAYOR, N.º 5",
              "c/ mayor núm. 5"},
             {"Calle Mayor 5, 3º B", "C/ Mayor, 5, 3º B", "Calle Mayor 5, piso 3 B", "Calle Mayor 5 3B",
              "c/ Mayor 5, 3.º B"},
             {"Calle Mayor 5, 3º C"},
             {"Calle Mayor 5, 3º izq", "Calle Mayor 5, 3º izda.", "C/ Mayor 5 3º izquierda"},
             {"Plaza Mayor 5", "Pza. Mayor 5", "Plza Mayor 5"},
             {"Camino Real s/n", "Camino Real S/N", "Camino Real", "Cno. Real s/nº", "Camino Real, sn"},
         }},
        {"CL",
         {
             {"Pasaje Los Aromos 25", "Psje. Los Aromos 25", "Pje Los Aromos #25", "PASAJE LOS AROMOS N°25"},
             {"Av. Libertador Bernardo O'Higgins 1370", "Avda. Lib. Bernardo O Higgins 1370",
              "Avenida Libertador Bernardo OHiggins 1370"},
             {"Gral. Velásquez 123", "General Velasquez 123", "GENERAL VELASQUEZ 123"},
             {"7 Norte 1234", "7 Nte. 1234"},
             {"7 Oriente 1234", "7 Ote 1234"},
             {"Ruta 5 Sur Km 30", "Ruta 5 Sur, kilómetro 30"},
             {"Casilla 123", "Casilla N° 123", "CASILLA POSTAL 123"},
             {"Av. Las Condes 9460, Of. 501, Piso 5", "Avenida Las Condes 9460 Oficina 501 Piso 5",
              "AV LAS CONDES 9460 OF 501 PISO 5"},
             {"Santa Rosa 100, Torre A, Depto. 12", "Sta. Rosa 100 Torre A Dpto 12"},
             {"Santa Rosa 100, Torre B, Depto. 12"},
             {"Presidente Riesco 5711", "Pdte. Riesco 5711", "Pte Riesco 5711"},
         }},
        {"CO",
         {
             {"Carrera 7 # 71-21", "Cra. 7 No. 71-21", "Cra 7 # 71 - 21", "KR 7 71-21", "CARRERA 7 N° 71-21",
              "Cr 7 #71-21"},
             {"Carrera 7 # 71-22"},
             {"Calle 100 # 8A-55, Of. 301", "Cl 100 No 8A-55 Oficina 301", "CLL 100 # 8A - 55 OF 301"},
             {"Transversal 93 # 51-98", "Tv. 93 No. 51-98", "Transv 93 # 51-98"},
             {"Diagonal 93 # 51-98", "Dg 93 # 51-98"},
         }},
        {"MX",
         {
             {"Av. Insurgentes Sur 123, Int. 5", "Avenida Insurgentes Sur No. 123 Interior 5",
              "AV INSURGENTES SUR 123 INT 5"},
             {"Calle 5 de Mayo 10", "C. 5 de Mayo #10", "Calle 5 de mayo N° 10"},
             {"Blvd. Manuel Ávila Camacho 36", "Boulevard Manuel Avila Camacho 36",
              "Bulevar Manuel Ávila Camacho #36"},
         }},
        // Portuguese
        {"",
         {
             {"Rua Augusta 1500", "R. Augusta, 1500", "RUA AUGUSTA, 1500", "R Augusta 1500",
              "Rua Augusta, nº 1500", "Rua Augusta, 1.500", "Rua Augusta n.º 1500"},
             {"Rua Augusta 1501"},
             {"Rua Augusta 1500, Apto. 12", "R. Augusta, 1500 - Apto 12", "Rua Augusta, 1500, apartamento 12",
              "RUA AUGUSTA 1500 AP 12"},
             {"Rua Augusta 1500, Apto. 12, Bloco B", "R. Augusta 1500 ap 12 bloco B"},
             {"Travessa do Comércio 10", "Trav. do Comércio, 10", "TRAVESSA DO COMERCIO 10"},
         }},
        {"BR",
         {
             {"Av. Paulista 1578, Bela Vista, São Paulo, 01310-200",
              "Avenida Paulista, 1578 - Bela Vista - São Paulo - 01310-200",
              "AV PAULISTA 1578 - BELA VISTA - SAO PAULO - CEP 01310200",
              "Av. Paulista, 1578, Bela Vista, São Paulo, CEP: 01310-200"},
             {"Praça da Sé 100", "Pça. da Sé, 100", "PRACA DA SE 100", "Pc. da Sé 100"},
             {"Rua 7 de Setembro 45", "R. 7 de Setembro, 45", "RUA 7 DE SETEMBRO, 45"},
             {"Alameda Santos 700, Sala 5", "Al. Santos, 700 - sala 5", "Alameda Santos 700 sl 5"},
             {"Rodovia Anhanguera Km 30", "Rod. Anhanguera, km 30"},
             {"Caixa Postal 123", "CAIXA POSTAL 123", "Caixa Postal nº 123"},
             {"Rua Doutor Arnaldo 10", "R. Dr. Arnaldo, 10"},
             {"Estrada do Coco s/n", "Estr. do Coco, S/N"},
         }},
        // German
        {"",
         {
             {"Hauptstraße 5", "Hauptstr. 5", "Hauptstr 5", "HAUPTSTRASSE 5", "Hauptstrasse 5", "hauptstr. 5",
              "Haupt-Str. 5", "Hauptstr.5", "Hauptstraße Nr. 5"},
             {"Hauptstraße 6"},
             {"Hauptstraße 5a", "Hauptstr. 5 A", "HAUPTSTR. 5A", "Hauptstr. 5-a"},
             {"Hauptstraße 5-7", "Hauptstr. 5 - 7", "Hauptstr. 5–7"},
             {"Karl-Marx-Straße 12", "Karl-Marx-Str. 12", "KARL-MARX-STR 12", "Karl Marx Straße 12"},
             {"Musterstraße 12, 2. OG", "Musterstr. 12, 2. Obergeschoss", "Musterstr. 12 2. OG"},
             {"Musterstraße 12, 3. OG"},
             {"Postfach 12 34 56", "POSTFACH 12 34 56"},
         }},
        {"DE",
         {
             {"Unter den Linden 77, 10117 Berlin", "Unter den Linden 77 10117 Berlin",
              "UNTER DEN LINDEN 77, 10117 BERLIN", "Unter den Linden 77\n10117 Berlin"},
             {"Alexanderplatz 1"},
             {"Marienplatz 1"},
             {"Straße des 17. Juni 135", "STRASSE DES 17. JUNI 135", "Str. des 17. Juni 135"},
             {"Sankt-Anna-Platz 3", "St.-Anna-Platz 3", "St. Anna Platz 3", "Sankt Anna Pl. 3"},
             {"Am Markt 3, Wohnung 4", "Am Markt 3, Whg. 4", "AM MARKT 3 WHG 4"},
         }},
        // French
        {"",
         {
             {"12 rue de la Paix", "12, rue de la Paix", "12 RUE DE LA PAIX", "n° 12 rue de la Paix",
              "12 Rue de la Paix"},
             {"14 rue de la Paix"},
             {"12 bis rue de la Paix", "12bis rue de la Paix", "12 BIS, RUE DE LA PAIX",
              "12-bis rue de la Paix"},
             {"12 ter rue de la Paix", "12ter, rue de la Paix"},
             {"5 rue de l'Église", "5, rue de l’Eglise", "5 RUE DE L'EGLISE", "5 rue de l Église"},
             {"20 boulevard Saint-Germain", "20, bd Saint-Germain", "20 BD. SAINT GERMAIN",
              "20 blvd St-Germain", "20 boul. St Germain"},
         }},
        {"FR",
         {
             {"3 place d'Italie, 75013 Paris", "3, pl. d'Italie 75013 Paris", "3 PLACE D'ITALIE, 75013 PARIS",
              "3 place d’Italie\r\n75013 Paris"},
             {"8 avenue du Général-de-Gaulle", "8, av. du Gal de Gaulle", "8 AVENUE DU GENERAL DE GAULLE",
              "8 av du Gén. de Gaulle"},
             {"15 chemin des Vignes, Bâtiment B", "15, ch. des Vignes, Bât. B", "15 CHEMIN DES VIGNES BAT B"},
             {"15 chemin des Vignes, Bâtiment C"},
             {"1 allée des Tilleuls", "1, all. des Tilleuls"},
             {"1 impasse des Tilleuls", "1 imp. des Tilleuls"},
             {"BP 123", "B.P. 123", "Boîte postale 123"},
             {"6 rue Sainte-Anne", "6, rue Ste Anne", "6 RUE STE-ANNE"},
             {"12-14 rue des Lilas", "12/14 rue des Lilas"},
         }},
    };
    return *sets;
}

}  // namespace support
