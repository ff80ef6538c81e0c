// SPDX-License-Identifier: PostgreSQL
#include "ingest/column_names.hpp"

#include <array>
#include <string>

#include "base/utf8.hpp"

namespace cdp::ingest {
namespace {

struct Entry {
    std::string_view attribute;
    double confidence;
    std::string_view names;  // separated by spaces, without accents
};

// The first entry that has the name wins. Names of kWeak or less count only when nothing stands before or
// after them: `id` is a customer's, `address_id` is not.
constexpr double kWeak = 0.6;
constexpr std::array kEntries{
    Entry{"given_name", 1, "firstname givenname forename fname christianname primernombre nombredepila"},
    Entry{"given_name", 0.8, "nombre nombres given forenames firstnames"},
    Entry{"given_name", 0.6, "first"},
    Entry{"family_name", 1,
          "lastname surname familyname lname apellido apellidos primerapellido apellido1 apellidopaterno "
          "surnames"},
    Entry{"family_name", 0.6, "last family"},
    Entry{"full_name", 1,
          "fullname customername contactname personname nombrecompleto nombreyapellidos nombreapellidos "
          "nombreyapellido apellidosynombre"},
    Entry{"full_name", 0.8, "name clientname nombrecliente nombredelcliente"},
    Entry{"full_name", 0.6, "displayname accountholder"},
    Entry{"email", 1,
          "email emailaddress emailaddr emailid correoelectronico direcciondecorreo direccioncorreo "
          "direcciondecorreoelectronico direccionemail useremail"},
    Entry{"email", 0.9, "mail correo mailaddress"},
    Entry{"phone", 1,
          "phone phonenumber phoneno telephone telephonenumber telephoneno tel telno telnumber mobile "
          "mobilephone "
          "mobilenumber mobilephonenumber mobileno cell cellphone cellnumber cellphonenumber telefono "
          "telefonomovil "
          "telefonofijo telefonocelular numerodetelefono numerotelefono numtelefono movil celular homephone "
          "homephonenumber workphone workphonenumber otherphone daytimephone landline msisdn"},
    Entry{"phone", 0.8, "whatsapp sms contactnumber fijo handy"},
    Entry{"birth_date", 1,
          "birthdate dateofbirth dob birthday bday birthdt fechanacimiento fechadenacimiento fnacimiento "
          "fecnac "
          "fechanac dayofbirth"},
    Entry{"birth_date", 0.8, "born nacimiento cumpleanos"},
    Entry{"gender", 1, "gender sex sexo genero"},
    Entry{
        "street", 1,
        "street streetaddress street1 address1 addressline1 addr1 addressstreet streetname direccion1 calle "
        "domicilio calleynumero streetandnumber line1"},
    Entry{"street", 0.8, "address addr direccion postaladdress direccionpostal addressline fulladdress"},
    Entry{"street", 0.4, "address2 addressline2 addr2 street2 direccion2 line2"},
    Entry{"city", 1, "city town locality ciudad poblacion localidad municipio cityname citytown"},
    Entry{"city", 0.7, "suburb barrio"},
    Entry{"region", 1,
          "state region province provincecode statecode stateprovince stateorprovince provincia "
          "administrativearea regioncode provstate statename"},
    Entry{"region", 0.7, "county estado comunidad comunidadautonoma"},
    Entry{"region", 0.5, "departamento"},
    Entry{"postal_code", 1,
          "zip zipcode postalcode postcode codigopostal codpostal codpos cpostal zippostalcode zippostcode"},
    Entry{"postal_code", 0.8, "postal cp plz"},
    Entry{"country", 1,
          "country countrycode pais codigopais countryname countryregion countryiso paiscodigo"},
    Entry{"country", 0.6, "nation"},
    Entry{"national_id", 1,
          "nationalid nationalidentifier nationalidnumber ssn socialsecuritynumber socsecid dni nif nie "
          "dninie nifnie "
          "curp "
          "cedula documentoidentidad documentodeidentidad numerodocumento numerodedocumento cpf"},
    Entry{"national_id", 0.6,
          "taxid rfc passport passportnumber pasaporte documento idnumber personalid vatnumber"},
    Entry{"company", 1,
          "company companyname organization organisation organizationname employer empresa razonsocial "
          "compania "
          "nombreempresa nombredelaempresa businessname"},
    Entry{"company", 0.6, "org accountname account"},
    Entry{
        "loyalty_id", 1,
        "loyaltycard loyaltyid loyaltynumber loyaltycardnumber loyaltycardid loyaltyno loyaltymemberid "
        "clubcard "
        "rewardsnumber rewardsid rewardscard membercard membercardnumber membershipnumber membershipid "
        "tarjetacliente tarjetadecliente tarjetafidelidad tarjetafidelizacion tarjetadefidelidad numerosocio "
        "numerodesocio frequentflyernumber"},
    Entry{"loyalty_id", 0.8, "loyalty memberid membernumber cardholderid socio"},
    Entry{"loyalty_id", 0.5, "cardid cardno cardnumber numerotarjeta card"},
    Entry{"user_id", 1,
          "userid customerid custid customernumber customerno customerkey clientid clientnumber idcliente "
          "codigocliente codigodecliente numerocliente numerodecliente idusuario userkey customercode"},
    Entry{"user_id", 0.8, "contactid accountid externalid uid customerref customer cliente"},
    Entry{"user_id", 0.6, "id username login user usuario client identificador codigo"},
    Entry{"device_id", 1,
          "deviceid anonymousid anonid cookieid visitorid idfa gaid adid advertisingid deviceuuid "
          "iddispositivo "
          "clientcookie"},
    Entry{"device_id", 0.7, "device cookie dispositivo"},
    Entry{"refuses_email", 1,
          "refusesemail hasoptedoutofemail emailoptout optoutemail optedoutofemail donotemail "
          "unsubscribedfromemail "
          "emailunsubscribed noenviaremail noenviarcorreo bajaemail emailsuppressed emailoptedout"},
    Entry{"refuses_email", 0.7, "unsubscribed unsubscribe optout optedout suppressed"},
    Entry{"refuses_phone", 1,
          "refusesphone donotcall phoneoptout optoutphone calloptout nollamar donotphone donottelephone "
          "hasoptedoutofphone "
          "optedoutofcalls phoneoptedout"},
    Entry{"refuses_phone", 0.7, "dnc robinson listarobinson"},
    Entry{"consent_email", 1,
          "acceptsemailmarketing emailoptin optinemail emailconsent consentemail emailmarketingconsent "
          "consentforemail emailmarketing emailsubscribed subscribedtoemail aceptaemail aceptacorreo "
          "aceptacorreos consentimientoemail consentimientocorreo emailpermission emailoptedin acceptsemail"},
    Entry{"consent_email", 0.7,
          "acceptsmarketing newsletter marketingconsent optin suscrito boletin subscribed"},
    Entry{"consent_sms", 1,
          "acceptssmsmarketing smsoptin optinsms smsconsent consentsms smsmarketingconsent smsmarketing "
          "aceptasms consentimientosms smspermission smssubscribed smsoptedin acceptssms"},
    Entry{"consent_phone", 1,
          "phoneoptin optinphone phoneconsent consentphone acceptscalls callconsent aceptallamadas "
          "consentimientotelefono phonepermission phonemarketingconsent acceptsphonemarketing"},
    Entry{"updated_at", 1,
          "lastmodifieddate lastmodified lastmodifiedat updatedat updateddate dateupdated updatedon "
          "lastupdated "
          "lastupdate lastupdatedat modifiedat modifieddate modifiedon datemodified systemmodstamp changedat "
          "fechamodificacion fechademodificacion fechaactualizacion ultimamodificacion ultimaactualizacion "
          "lastchanged"},
    Entry{"updated_at", 0.8, "updated modified modificado actualizado"},
    Entry{"person_key", 1, "personkey personid profileid subscriberid idpersona"},
    Entry{"person_key", 0.7, "householdid householdkey person persona leadid idhogar"},
    Entry{
        "occurred_at", 1,
        "occurredat eventtime eventtimestamp eventdate purchasedat purchasedate orderdate orderedat "
        "transactiontimestamp transactiondate transactiontime redemptiondate redeemedat invoicedate "
        "visitedat "
        "happenedat originaltimestamp fechacompra fechadecompra fechapedido fechahora fechayhora fechaevento "
        "fechafactura saledate processedat"},
    Entry{"occurred_at", 0.8, "timestamp datetime createdat"},
    Entry{"occurred_at", 0.6, "date time fecha hora startdate ts createddate created creado fechacreacion"},
    Entry{"event_kind", 1, "eventkind eventtype eventname tipoevento tipodeevento nombreevento activitytype"},
    Entry{"event_kind", 0.8, "event evento"},
    Entry{"event_kind", 0.6, "kind type action tipo accion activity"},
    Entry{
        "event_key", 1,
        "eventkey eventid messageid lineid orderid ordernumber orderno transactionid transactionkey "
        "invoiceno "
        "invoicenumber invoiceid receiptid receiptnumber redemptionid mailingid numeropedido numerodepedido "
        "numerofactura numerodefactura idpedido idevento idtransaccion orderlineid"},
    Entry{"event_key", 0.7, "basketid purchaseid order invoice pedido factura"},
    Entry{"amount", 1,
          "amount salesvalue saleamount salesamount orderamount ordertotal totalamount totalprice importe "
          "importetotal "
          "monto montototal transactionamount revenue grandtotal lineamount linetotal"},
    Entry{"amount", 0.7, "price total subtotal precio preciototal sales ventas"},
    Entry{"amount", 0.6, "value valor spend"},
    Entry{"currency", 1, "currency currencycode currencyisocode moneda divisa codigomoneda"},
    // German, French, Italian, Portuguese and Dutch: what says who a person is. (The sharp s is no letter
    // here.)
    Entry{"given_name", 1, "vorname vornamen rufname prenom prenoms primeironome voornaam"},
    Entry{"given_name", 0.8, "nome"},
    Entry{"family_name", 1,
          "nachname familienname zuname nomdefamille cognome sobrenome ultimonome apelido achternaam"},
    Entry{"family_name", 0.8, "nom"},
    Entry{"full_name", 1, "nomcomplet nomecompleto nomeecognome cognomeenome nometprenom vollername"},
    Entry{"full_name", 0.8, "kundenname nominativo naam nomclient nomdelcliente nomecliente"},
    Entry{"email", 1, "emailadresse mailadresse adresseemail adressemail indirizzoemail enderecoemail"},
    Entry{"email", 0.9, "courriel"},
    Entry{"phone", 1,
          "telefon telefonnummer telefonnr mobil mobiltelefon mobilnummer handynummer rufnummer festnetz "
          "numerodetelephone numerotelephone telephoneportable telephonemobile telephonefixe cellulare "
          "numeroditelefono telefonocellulare telefone telemovel telefonecelular telefoon telefoonnummer "
          "mobiel"},
    Entry{"birth_date", 1,
          "geburtsdatum geburtstag gebdatum gebdat datedenaissance datenaissance datadinascita datanascita "
          "datadenascimento datanascimento geboortedatum"},
    Entry{"birth_date", 0.8, "naissance nascita nascimento"},
    Entry{"gender", 1, "geschlecht sexe sesso geslacht"},
    Entry{"street", 1, "strasse strae strassehausnummer straehausnummer strassenname rue rua straat"},
    Entry{"street", 0.8, "anschrift adresse indirizzo endereco morada adres"},
    Entry{"city", 1, "ort wohnort stadt ville citta cidade localidade woonplaats"},
    Entry{"city", 0.7, "gemeinde commune comune plaats gemeente"},
    Entry{"region", 1, "bundesland provincie"},
    Entry{"postal_code", 1, "postleitzahl codepostal codicepostale codicediavviamentopostale cep"},
    Entry{"postal_code", 0.8, "cap"},
    Entry{"country", 1, "pays paese"},
    Entry{"country", 0.6, "land nazione"},
    Entry{"national_id", 1, "codicefiscale nir numerosecuritesociale bsn burgerservicenummer"},
    Entry{"company", 1,
          "firma firmenname unternehmen entreprise societe raisonsociale azienda ragionesociale bedrijf"},
    Entry{"loyalty_id", 1,
          "kundenkarte kundenkartennummer cartefidelite cartafedelta cartaofidelidade klantenkaart"},
    Entry{"loyalty_id", 0.8, "mitgliedsnummer numeroadherent"},
    Entry{"user_id", 1, "kundennummer kundennr kundenid numeroclient codeclient codicecliente klantnummer"},
};

// Words that say whose or which, at the beginning and at the end. Longer before their own beginnings.
constexpr std::array<std::string_view, 31> kBefore{
    "properties", "property", "traits",   "context",   "custom",    "customer", "contact", "default",
    "primary",    "main",     "mailing",  "billing",   "shipping",  "delivery", "postal",  "home",
    "work",       "business", "personal", "person",    "permanent", "current",  "user",    "client",
    "subscriber", "member",   "buyer",    "recipient", "address",   "account",  "payer"};
constexpr std::array<std::string_view, 12> kAfter{"principal", "facturacion", "defacturacion", "envio",
                                                  "deenvio",   "decliente",   "delcliente",    "cliente",
                                                  "primary",   "particular",  "personal",      "contacto"};
constexpr double kPerWordTakenOff = 0.9;
constexpr int kWordsTakenOff = 3;
constexpr size_t kLongestName = 256;

constexpr std::array<std::string_view, 29> kAttributes{
    "given_name",  "family_name",   "full_name",     "email",         "phone",       "birth_date",
    "gender",      "street",        "city",          "region",        "postal_code", "country",
    "national_id", "company",       "loyalty_id",    "user_id",       "device_id",   "consent_email",
    "consent_sms", "consent_phone", "refuses_email", "refuses_phone", "updated_at",  "person_key",
    "occurred_at", "event_kind",    "event_key",     "amount",        "currency"};

constexpr std::u32string_view kAccented = U"áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ";
constexpr std::string_view kPlain = "aaaaaaeeeeiiiiooooouuuuncaaaaaaeeeeiiiiooooouuuunc";

char32_t without_accent(char32_t c) {
    const size_t found = kAccented.find(c);
    return found == std::u32string_view::npos ? c : static_cast<unsigned char>(kPlain[found]);
}

// Letters and digits only, in lower case, without accents and without a custom field's suffix.
std::string normalise(std::string_view name) {
    for (const std::string_view suffix : {"__pc", "__c", "__r", "_c"}) {
        if (name.size() > suffix.size() && name.ends_with(suffix)) {
            name.remove_suffix(suffix.size());
            break;
        }
    }
    std::string out;
    for (size_t i = 0; i < name.size();) {
        const char32_t c = without_accent(decode_utf8(name, i));
        if (c >= 'A' && c <= 'Z') {
            out.push_back(static_cast<char>(c - 'A' + 'a'));
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out.push_back(static_cast<char>(c));
        }
    }
    return out;
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const size_t space = words.find(' ');
        if (words.substr(0, space) == word) return true;
        if (space == std::string_view::npos) break;
        words.remove_prefix(space + 1);
    }
    return false;
}

AttributeGuess look_up(std::string_view name, int taken_off, double factor) {
    AttributeGuess best;
    if (name.empty()) return best;
    for (const Entry& entry : kEntries) {
        if ((taken_off == 0 || entry.confidence > kWeak) && has_word(entry.names, name)) {
            return {entry.attribute, entry.confidence * factor};
        }
    }
    if (taken_off == kWordsTakenOff) return best;
    const auto consider = [&](std::string_view rest) {
        const AttributeGuess guess = look_up(rest, taken_off + 1, factor * kPerWordTakenOff);
        if (guess.confidence > best.confidence) best = guess;
    };
    for (const std::string_view word : kBefore) {
        if (name.starts_with(word)) consider(name.substr(word.size()));
    }
    for (const std::string_view word : kAfter) {
        if (name.ends_with(word)) consider(name.substr(0, name.size() - word.size()));
    }
    const size_t letters = name.find_last_not_of("0123456789") + 1;
    if (letters < name.size()) consider(name.substr(0, letters));
    return best;
}

}  // namespace

AttributeGuess guess_attribute(std::string_view column_name) {
    if (column_name.size() > kLongestName) return {};
    const std::string name = normalise(column_name);
    return look_up(name, 0, 1.0);
}

std::span<const std::string_view> known_attributes() {
    return kAttributes;
}

}  // namespace cdp::ingest
