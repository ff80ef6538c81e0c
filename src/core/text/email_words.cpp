// SPDX-License-Identifier: PostgreSQL
#include "text/email_words.hpp"

#include "text/word_set.hpp"

namespace cdp::text {
namespace {

// RFC 2142, what mail services refuse to subscribe, and the departments of companies in English, Spanish,
// Portuguese, German, French and Italian.
constexpr auto kRoles = word_set(
    "abuse", "accounting", "accounts", "accountspayable", "admin", "admins", "administrator", "billing",
    "bookings", "booking", "bounce", "bounces", "careers", "ceo", "cfo", "compliance", "contact", "contactus",
    "customercare", "customerservice", "customersupport", "cs", "daemon", "devnull", "dns", "do-not-reply",
    "do_not_reply", "donotreply", "enquiries", "enquiry", "everyone", "feedback", "finance", "frontdesk",
    "ftp", "hello", "help", "helpdesk", "hi", "hostmaster", "hr", "info", "inquiries", "inquiry", "invoice",
    "invoices", "ispfeedback", "ispsupport", "it", "jobs", "legal", "list", "list-request", "mail",
    "mailer-daemon", "maildaemon", "mailerdaemon", "mailbox", "manager", "marketing", "media", "news",
    "newsletter", "no-reply", "no.reply", "no_reply", "noc", "noreply", "noreplies", "notifications",
    "office", "order", "orders", "partners", "payments", "payroll", "phish", "phishing", "postmaster",
    "press", "privacy", "purchasing", "reception", "recruitment", "registrar", "reply", "reservations",
    "returns", "root", "sales", "security", "service", "services", "shipping", "shop", "spam", "staff",
    "store", "subscribe", "support", "sysadmin", "team", "tech", "unsubscribe", "usenet", "uucp", "webmaster",
    "website", "www",
    // Spanish
    "administracion", "atencion", "atencionalcliente", "atencioncliente", "ayuda", "bodega", "cobranza",
    "cobranzas", "comercial", "compras", "consultas", "contabilidad", "contacto", "contactos", "correo",
    "cotizaciones", "despacho", "direccion", "facturacion", "facturas", "finanzas", "gerencia", "hola",
    "informacion", "informaciones", "informes", "noresponder", "no-responder", "oficina", "operaciones",
    "pagos", "pedidos", "personal", "postventa", "proveedores", "recepcion", "reclamos", "recursoshumanos",
    "reservas", "rrhh", "secretaria", "servicio", "servicioalcliente", "servicioclientes", "sistemas",
    "soporte", "sugerencias", "tesoreria", "tienda", "ventas", "ventasweb",
    // Portuguese
    "atendimento", "cadastro", "contato", "faleconosco", "faturamento", "financeiro", "naoresponda",
    "nao-responda", "rh", "sac", "suporte", "vendas",
    // German
    "anfrage", "bestellung", "bewerbung", "buchhaltung", "einkauf", "kontakt", "kundenservice",
    "personalabteilung", "rechnung", "verkauf", "vertrieb", "verwaltung", "zentrale",
    // French, Italian
    "accueil", "commande", "commandes", "commercial", "comptabilite", "direction", "facturation",
    "recrutement", "sav", "secretariat", "ventes", "amministrazione", "assistenza", "commerciale",
    "informazioni", "ordini", "segreteria", "ufficio", "vendite");

constexpr auto kNoAddress =
    word_set("noemail", "no-email", "no_email", "no.email", "nomail", "no-mail", "noaddress", "nothing",
             "notengo", "notiene", "no.tiene", "notienecorreo", "notieneemail", "notienemail", "noaplica",
             "no.aplica", "nocorreo", "no.correo", "noposee", "noregistra", "sinemail", "sin-email",
             "sin.email", "sin_email", "sincorreo", "sin.correo", "sin_correo", "sinmail", "sin.mail",
             "semail", "sememail", "sem.email", "naotem", "naopossui", "nao.tem", "keineemail", "keinemail",
             "pasdemail", "pasdemel", "nodisponible", "noinformado", "naoinformado");

constexpr auto kPlaceholders =
    word_set("test", "testing", "tests", "tester", "test1", "test123", "asdf", "asdfg", "asd", "qwerty",
             "qwe", "prueba", "pruebas", "teste", "none", "null", "na", "nan", "no", "abc", "x", "xx", "xxx",
             "xxxx", "a", "aa", "aaa", "aaaa", "0", "nn", "actualizar", "pendiente", "foo", "bar", "abcd",
             "unknown", "undefined", "fake", "dummy");

// Not "a" or "foo": documentation and tests are full of a@example.com.
constexpr auto kExampleLocals = word_set("test", "email", "mail", "example", "none", "null", "asdf", "xxx",
                                         "correo", "ejemplo", "exemplo", "user", "usuario", "name", "nombre");

constexpr auto kClear = word_set("test", "testing", "tester", "test1", "test123", "asdf", "asdfg", "asdfasdf",
                                 "qwerty", "prueba", "pruebas", "teste", "dummy", "fake", "fakeemail");

}  // namespace

bool is_role(std::string_view local) {
    return kRoles.contains(local.substr(0, local.find('+')));
}

bool is_placeholder_local(std::string_view local) {
    return kClear.contains(local);
}

bool is_placeholder_address(std::string_view local, std::string_view domain) {
    if (kNoAddress.contains(local)) return true;
    const bool placeholder = kPlaceholders.contains(local);
    const bool example = kExampleLocals.contains(local);
    if (!placeholder && !example) return false;
    const std::string_view name = domain.substr(0, domain.find('.'));
    if (name == local) return true;
    if (local == "no" && (name == "tiene" || name == "tengo" || name == "hay" || name == "tem")) return true;
    // Words only: x.com and mail.com have customers.
    if (local.size() >= 3 && name.size() >= 3 && placeholder && kPlaceholders.contains(name)) return true;
    return example && (name == "example" || name == "ejemplo" || name == "exemplo");
}

}  // namespace cdp::text
