// SPDX-License-Identifier: PostgreSQL AND Apache-2.0
// Written by scripts/generate/nicknames from data/nicknames_*.csv (data/README.md: sources and licences).
// Edit those, not this.
#include "text/nickname_table.hpp"

// clang-format off
namespace cdp::text {
namespace {

constexpr char kNames2[] =
    "abalbocydiebedelemesevezhyibjojpjrlumcrorysisusyvi";
constexpr char kNames3[] =
    "abeadaadeadoagaalealiamyanaaniannantapparaariartasaashazebabbatbeabenbevbobbricalcamcedcheclocondal"
    "dandaydeadebdeedeldobdomdondotdreedueleeliemiephevaeveevifalfayfelferfiafieflogaygeegergilgiogragum"
    "gushalhamhaphezhobhophubianikeinaineirvisaisiivaivyjanjapjayjebjedjemjenjezjimjoejonjorjosjoyjudkam"
    "kaykenkevkimkitkymlanlaulealeelemlenleoleslialiblillizlonlouluzmacmaemalmarmatmaumaxmaymegmelmiamon"
    "murnannapnatnaznednelnibnicodeodoolaomionaoneoraotepampaopatpaupazpegpippolrayreareeregreirenreyrob"
    "rodronroxroyrozrulsalsamsebseeshasidsigsilsisslysolstusuesydsyltaltedteotimtintomtorugovalvanvetvic"
    "vijvinvirvivvonwenweswilwinyolyulzaczakzayzebzed";
constexpr char kNames4[] =
    "abbeabbiabbyabeladdyadieadriaggyagusalanaldoalecalekalenalexalfyalgyalixallaallyamosanceandiandyanna"
    "anneanseappyariearlyaronarryasunathyauriauxibabsbartbebabecabeckbedabelabellbelubenibertbessbethbeti"
    "betobiasbielbigebillborobradbreeburtcagecaitcalicalocamicarlcarmcarocasscatacaticayecayocecececicene"
    "chancharchatcheocherchetchiachiochonchuschuyclauclemclumcobocococoleconiconycoracorycotecoyocriscrys"
    "cucacucocurgcurtdahldanidanndanydaphdavedavodebidebodededelfdelldenadiahdiandickdicydididinaditedoda"
    "dolodonadonydoradorodougdreadrewdunkdutydycedyerebeneddyedieednaednyedyeeffyellaellyelvielzeemilemma"
    "emmyenneenrieppaericerinernaerneespeessaessyestiettaettyeugeeulaevanexieezrafabifaelfallfalofanifate"
    "fatifatufedefelafelifelofenaficofififilofinafitoflorfofofordfranfredgabegabigabogabygailgaregarygela"
    "gelogenagenegenigenogeragerigertginaglengorygoyagoyogreggwenhankhapshecoherbhielhodahodyhopphorihugh"
    "hugoichoiggyignaindyinesinezinmaionaiscoismaissyivanizzyjaapjacijackjacojakejanejanojavijavojayejean"
    "jeffjehujennjerojessjilljimejoanjockjodijodyjoeyjohnjosejoshjuanjudajudejudijudyjulejulijunek.c.kait"
    "kalikarakarikatekatykayekekakekokenakenjkentkiahkikakikekikokillkingkokekrisl.b.l.r.lalalalilalolani"
    "layoleahleetleftlelolenalenileonletiletylevelevilevylexiliaslicolifeligelilalilililylinalinklinolipe"
    "lisalishlitolizalodiloislolalolilolololylomilorelorilotalucalucilucyluislukelulalululupeluralynnmaca"
    "mackmacumadomaelmafemagomajomalcmalumanumapimarcmarimarkmarumarvmarymasamatematimatomattmatymaudmave"
    "mavimaximeesmelimelomemomenamertmervmeusmicamickmikamikemikimikymilamilimilomilymimamimiminamiramiro"
    "mitomockmomomonamonimortmosemossmyramyrtnacenadananananonatanatenatineilnelanellnelonelsnenanesaneto"
    "newtnicanickniconielnilanitanitonoahnoelnolenoninoranormobedobieolgaolphonieophioskiossyothaotisozzy"
    "pacapacopalopatepatipatopatypaulpepapepepepiperapetepeyophilpilipinkpipepitaplespoloprespruepuriquil"
    "quinrafarafiramiraulrazerebareberefuregiremerenariahrianrichrickritarobirobyrocirodorogerolfromyrosa"
    "roserosirossrosyruberudyrulorussryansalosamisamusarasaulsebasefasenesephshayshelshersinasionsocosofi"
    "solesonistalsukisulasusasusisusosusytamitanatanotashtatatatitavetavotefitereteritesstetethadthantheo"
    "thomthysticktifftilatinatinetishtitatitotivotobytomitonatonitonotonytoritorytoyatrixtulaturotxusvale"
    "valuvanevedaveriverovertvestvevavicyvikivinavitoviviwaltwashwebbwestwillwintwoodxaviximoyagoyayoyeyo"
    "yolayoliyolyyoyayoyoyuyozachzackzadazakkzalozekezeph";
constexpr char kNames5[] =
    "aaronabbeyabbieabielabnerabramaddieadelaadeleadenaadinaagnesalejoalevaalfonalfrealicealineallanallen"
    "allieandreandroangelangieanitaannieanselantonappiearnieasaphashlybarbybartobasilbeccabeckybeedybelen"
    "bellabellebenjabenjibenjybennybernibernyberrybertobetsybettybiddybillybobbybradybrianbrinabrittbrody"
    "brosebryanburencaitocaitycalebcallycandecandycarlacarlocarlycarolcarricaseycathyceliaceniacesarchabe"
    "chagochalochanachanocharmcharochavachavochayochebochecochejochelachelochemachemichepachepecherichick"
    "chicochilachilochimochitachloechoficholecholichonachrischuckchusacillacillecindyciscocissyclaasclaes"
    "clairclaraclareclaudcleatcliffcolascolieconnyconsucoquecordycoreycornycourtcratecurracurrocyrusdacey"
    "daciadaisydannydarrydaveydaviddebbydebradeenadeliadelladellydennyderekdianadianediceydiciedickydiego"
    "dillyditusdollydolphdonnadonnydorisdosiadosiedothadottydrinadulcedutchdycheebbieeddieedgaredithedwin"
    "edytheffieelenaeliaselisaelizaellenellieelseyelsieelvieemilyepseyericaerickerikaernieerwinessieester"
    "evitafaithfallyfalonfannyfelixfellofeltyfermifernifieldfionaflickflopifloraflorofloydfonsifonsofrank"
    "fredafredofredyfritzfronafronygabbygardogarrigarrygatsygelesgeliogeoffgerargermigerrigerryginiaginny"
    "glenngloriglorygonzagoviegracegreengregggregogretaguadaguayogustiharryhartyheidihelenhennyhenryhessy"
    "hettyhiramhittyhodgehodiehoneyhonorhorryhortehoseahoseyhosiehowiehumeyinakiindiaindieinigoireneirvin"
    "irwinisaacisacojacobjaimejakobjalenjamesjameyjamiejandajanetjaniejaymejennijennyjerryjesusjezzajimmy"
    "jincyjinsyjoacojoannjohnyjonnyjordijorgejoseyjosiejoycejuacojuanajuanijudahjuderjudiejulesjuliajulie"
    "julinjuliojuniekallikarlakaseykathykatiakatiekaylakellikellykenjikennakennykenzykerrikerrykevinkissy"
    "kizzalacholalislandalannalannylarrylauralazarleafaleitolennyleroylewislianalibbylichalichilidialiley"
    "lillylindalindylissalitoslivializzylloydloleslollylonnylonzolorenlorielornelorrylottalouielouislucas"
    "luchaluchilucholucialuferluisaluisilupisluzmalyddylydiamabelmaddimaddymadgemadiemafermagdamaggymagui"
    "maicamaikamaitemalaumallymamenmamiemandamandomandymanesmannymapazmarcemargamargemargomargymariamarie"
    "mariomarismariumarnimarpimartamartimartomartumartymateomattymaurimauximaycamaytemeakamechamechemegan"
    "meliamellymercimercymettamicahmickymiddymidgemiggymiguemikelmikeymillomillymindymingomintymissymitch"
    "mittymitzimollymonetmonismonnamonsemontemontymoreymosesmyrtinabbynachanachonaldonancynandanandonanny"
    "naominappynardanardonattynelianellenellynervanessanestonettanibbyniceynicienickinickynikkininesnonie"
    "norahnorbunorbynorryodelloliveollieonnieoscarosquipablipablopachipaddypaolapatripatsypattipattypatxi"
    "paulapaulipedropeggypeniepennypepinpercyperrypeterpetrapetrophenapilarpiterplaciplasipokeypoldopolly"
    "primiprovyprudyquelaquetaquicaquicoquinaquinoquitoralphramonrandirandyraquerellarennyrenzorettarhett"
    "rhodarhynarianericarricherichirichorickarickyrillarillyrissarobbyroberrochirocioroddyrodierodriroger"
    "rolforollorollyronieronnaronnyrorroroseyrosieroxierubenrustysadiesafiesallysalvasalvisammysandysanti"
    "sarahscottsebassebbyselmaseniesentosephysergishaunshawnshelysherishirlsidrosilassillasilvisimonsinah"
    "smithsofiasollysoniasonnysquatstacistacystefistephstevesukeysuliesullysusansusiesuzieswenetabbytalia"
    "tammytaniatannytanzatashataviatebantechiteddyteenytellytempytenteteodoterriterrytessathiastiagoticha"
    "tiffytildetillatillytimmytishatitiatobaltomastommytoniatonintorietorritracitracytrinatrishtrudytxema"
    "uniceuriahvalenvannavernaverosvicenvickivickyvijayvincevineyvinnyviolavirgivirgyvitinvonnawaldowally"
    "wendywildawillywilmawinnywoodyyeonayermoyoshiyulanzachyzaddizadiezeelyzolly";
constexpr char kNames6[] =
    "abijahadolphadrianagathaaileenalbertalexisalfredaliciaalisonalmenaalminaalmiraalonzoalphusalthea"
    "alyssaalzadaamabelamaliaamandaameliaanabelandreaandresandrewangelaanselmantucoarchiearillaarlene"
    "armenaarmidaarnoldarthurarturoarzadaasahelashleyasseneaubreyaudreeaudreyaugustauroraaustinbarbie"
    "barneybartelbedneybelitabenchibenitobennieberneybernieberthabertiebessiebiddiebirdiebirtiebobbie"
    "brandybrendabrianabridiebryantcalliecalvincamilacamilecamilocammiecaritocarloscarmencarmoncarole"
    "carriecaspercassiecatitacedricchaliacharincharlychechachedescheitochellechentachentecheriecheryl"
    "chichichintochiscochivischuchachuchocicelycinthaclairecolasaconchaconchiconnieconradcorniecrissy"
    "cristacristicristocurtisdaishadaltondanieldaphiedaphnedarkeydayciadeannedebbiedeboradeedeedeidre"
    "deliusdelphadelphidenniedennisderickderrekdiannedickiedickondobbindonalddonatodonniedorcusdorito"
    "dorthadossiedottieduardoduncanedmondedmundedwardedwinaedytheegberteightaeileenelaineelberteldora"
    "elenorelijahelishaelmiraelnoraeloiseelviraelwoodelysiaemiliaemilinemilioerickaernestestefiesther"
    "eudicyeudoraeugeneeuniceevelynfabianfalconfalliefallonfatimafelipefeltieferbieferchuferdiefermin"
    "finitafionnaflorenflossyfranjafrankyfrannyfrascofreddyfriedafroniagabitagarethgarretgeorgegerald"
    "germangerriegertiegertrugilbergingerginitagloriagoyitagoyitogregorgrettaguichoguilleguillogussie"
    "haileyhalliehannahharmanharoldhassiehattiehayleehaylenhayleyhectorhelenahelenehermanhermiehernan"
    "hesterhilaryhipsiehobkinhonorahoracehowardhuberthuichoinmitairvingisabelisaiahisidroismaeljackie"
    "jacobojacquijaelinjaelynjahodajailynjandrajandrojanicejasperjavierjavitojaylinjaylynjeannejehiel"
    "jemimajennetjenniejeremejeremyjeritajessiejesusajettiejimenajimmiejoannajoannejoaquijohannjohnny"
    "jonniejoseanjosebajosecajosefajosefijoselojoselujosemajosemijosephjoshuajosiahjositojuampajuampe"
    "juampijuananjuancajuandijuanigjuaninjuanjojuankijuanlujuanmajuanmijuanpajuanpejuanrajuantojudith"
    "judsonjulianjuliasjulitajulitojuniorjuniusjustinjustonjustuskaitiekelleykelliekendrakeziahkillis"
    "kittiekizziekristylaffielainielamontlanchalansonlaurellaurenlaurielaurynlavedalavinalawrieleanne"
    "lemuellencholennielenoraleonorlesleyleslielessielesterlettielevicylevonelillahlindsylineaulionel"
    "lissialittlelizzielolitalonnieloomielorenalorrielottielouisalouiselourdiluciaslucinalucitalucius"
    "luellaluisalluisbeluisinluismilupitaluranalurdeslutherlyndonmacrismaddiemaegenmaggiemahalamaisie"
    "malalamalenamanchomandiemanoahmanolamanolimanolomanthamanuelmarciamarciemarcosmarcusmargiemargot"
    "mariahmarianmarijomarilomarilumarionmarisamarisemarisomaritamaritemaritomarivimarniemarshamartha"
    "martinmarucamarugemarujamaruvimarvinmathewmatiasmattiematutemaverymavinemaximimaximomaxinemayito"
    "mechesmedorameghanmelliamelliemelodymelvinmenchimenchumerchemervinmervynmickeymiddiemiguelmillie"
    "minchomindieminiteminniemiriammittiemitziemolliemonchamonchimonchomonicamoninamonniemontsemorris"
    "murielmyrtlenadinenanchonathannatiusnativinellienelsonnervienettienewtonnickeynickienicolanicole"
    "nikolenollienonnienormannowelloctaviolallaolguisoliveroliviaorillaoswaldpacitapalomapamelapancha"
    "panchopaticopeggiepepelupepitapepitopericopheliapheneypheniephilipphillyphoebepilucaponchoprissy"
    "puritaquillaquiquerachelrafaelraficorafitaramiroramonaraquelrasmusraulinrebecareggiereginarelief"
    "reniusreubenrhynierichierickeyrickieriennerobbierobertrodgerrodneyrodrisrolandronaldronnierosama"
    "roscoerosinarositaroxanerupertsabelasalmonsalomesamsonsamuelsamyrasandrasandrosantosscottysebita"
    "serenaserenesergioshainasharonsheilashellysherrisherrysherylsibbiesidneysilviasimeonsmittysofita"
    "sondrasonitasonniesophiasophiestaceystaciastaciesteffistellastevensteviestuartsusanasybillsydney"
    "tammietashietavitotenchatenseyteresaterrieterucatessiethaneythirzathomasthursatibbietillietincho"
    "titinatobiastomasatonitotorrietoyitatracietriciatrishatrixietulitatxominursulavalerivallievancho"
    "vanesavangievannievernonvessievestervickievictorvinnievinsonvirdievivianvonniewalterwesleywilber"
    "wilburwilliewilliswilsonwinnetwinniewintonwynchaximenayvonnezadock";
constexpr char kNames7[] =
    "abigailabigaleabrahamabsalomadalineaddisonadelineadrianaadrianeagustinalansonalazamaalbertaalberto"
    "aldrichalfonsealfonsoalfredaalfredoallisonallysonallyssaalvertaamalitaambroseanamariangelesannette"
    "anthonyantoniaantonioaquillaariadneariellearizonaarmandaarmandoarmildaarmindaarmintaartemusarthusa"
    "asenathaugustaaureliaaurelioaurillaazariahbarbarabarberybarrettbartolobastianbeatrizbedeliabelinda"
    "bernardbertrambethenabeverlyblancheboetiusbradleybreannabriannabridgetbridgiebridgitbryannacaitlin"
    "caitlyncalistacameroncamillecandacecandelacarlitacarlotacarltoncarmelacarmelocarminacarolyncassidy"
    "caswellceciliacelestecelindacesarinchabelacharitocharitycharlescharliechavelachavitachayitochelino"
    "chelitachelitochelseychelsiechemanuchenchochepinachesleychesterchrissychristachristychuyitoclaudia"
    "cleatusclementcliftoncoquitocorinnecreaseycrystalcuquitacurritocynthiadanieladarlenedeborahdelbert"
    "delilahdeloresdelphiademarisderrickdicksondoloresdomenicdomingodominicdonovandorindadorothydouglas"
    "earnestedgardoeduardoeleanoreleazerelenitaelminieelouiseelswoodemanuelemelineemilitaencarnaencarni"
    "enriqueephraimerasmusernestoesenethestebanestellaestelleeudoriseugeniaeugenioeulaliaevalineevelina"
    "ezekielezideenfabiolafarmboyfeliciafideliafrancesfranciefrancisfrankiefranniefreddiegabrielgarratt"
    "garrettgarrickgeorgiageorgiegerardogilbertgonzalogregorygrisselgustavoharrietheatherheloiseherbert"
    "hilariohillaryhopkinshoraciohuguitoignaciaignacioinesitaisadoraisadoreisidoreisidorojacintojackson"
    "jacobusjaimicojaimitojannettjavichojeanniejefferyjeffreyjessicajillianjoaquinjohannajorgitojoseina"
    "josemanjoserrajosettajuancarjuanchojuanelojuanfrajuanicojuanitajuanitojuanquijuantxojulianajulieta"
    "justinakaitlinkaitlynkameronkatelinkatelynkathrynkendallkendrikkennethkristelkristenkristinlatisha"
    "lauritalavernelavinialavonialavonneleandroleilanileonardleonoraleonoreleticialetitialetticeliliana"
    "lillianlincolnlindsaylindseylindsieloreleilorenzolorettalourdesluchitalucianolucillelucindaluisete"
    "luisferluisitaluisitolunettamadelynmadisonmakaylamalachimalauramalcolmmalindamaluisamanervamanolin"
    "manuelamarcelamarcelomargaramargarimargerymariajomarianamarianomaribelmarielemarifermarilaumariluz"
    "marilynmarimarmarimenmarinesmaripazmarisolmarissamarisusmariucamartinamartinemartitamaruchimary lu"
    "mateitomatildamatildematthewmaureenmauricemaxwellmckennamechitamelaniemelindamelissamellonymelvina"
    "micaelamicajahmichaelmichealmiguaelmiguailmiguaylmiguellmildredminervamirandamoncitonachetenachito"
    "natalianatalienatashanicholenicolasnikolasnorbertobadiahobediahoctaviaoctavioolguitaorlandooscarin"
    "pablitopandorapaolitapaquitapaquitoparsunypatrickpaulinapaulinepedritopepilloperuchopherbiapheriba"
    "phillippilarinpiluchiplacidoquetitaquilliequinchorachaelrafaelarandallrandolfraphaelraulitoraymond"
    "rebeccarefugioreynoldricardorichardrobertarobertorodolforodrigorogeliorosabelrosaennrosaliarosalyn"
    "rosariorosauraroseannroxannaroxannerudolphrumintarussellsabrinasafieelsampsonsanfordsarillasavanna"
    "sceeterscottiesergitoserillaseymoursheldonshelleyshelliesheltonsherrylshirleysibbellsigfridsilence"
    "silvanasilvitasocorrosoledadsolomonsteffiestephanstephenstephiesuzannetabithatamarratamzinetanafra"
    "tatianateodoroteofiloterencetheothatheresathomasatiffanytilfordtimothytomasintrannievaleriavalerie"
    "vanessavicentavicentevincentvitoriovivianawallacewebsterwestleywilfredwilhelmwilliamwoodrowyolanda"
    "zacharyzacheryzebedee";
constexpr char kNames8[] =
    "abbigailabbigaleabednegoadelaidaadelaideadelbertadelphiaadolphusadrienneagustinaalastairalgernon"
    "anamariaandersonandrianeangelicaangelikaangelinaangelitaangelitoantonitaappolinearabellaarabelle"
    "aramintaarturitoasuncionaugustusavarillabarnabasbarticusbazaleelbeatricebenedictbenjaminbernarda"
    "bernardobertrandbezaleelbradfordbreeannabrittanybrittneybrittniecaldoniacampbellcarlitoscarlotta"
    "carolanncarolinacarolinecatalinacathleencayetanacayetanochaguitochaunceychentitochuchitoclarence"
    "clarindaclarissaclauditacliffordcolumbusconceptaconchitaconsuelocordeliacorneliacourtneycristian"
    "cristinacyphoruscyreniusdanielledavicitodelphinedemeriasdennisondieguitodominickdominicodorothea"
    "drusillaebenezerellenderellswoodelviritaemilianoemmanuelestebitaeuphemiaeurydiceeustaciafederica"
    "federicofelicityfernandafernandoflorencefrancinefranklinfrannieygabrielagenovevageoffreygeorgine"
    "gerhardtgertrudegilbertogiovannigovernorgracielagreggorygregoriagregoriogretchengriseldagustavus"
    "hamiltonharrisonhepsibahhermionehezekiahhortensehumbertoignatiusignatzioimmanuelisabellaisabelle"
    "ivancitojeanettejebadiahjedediahjedidiahjeffereyjenniferjeremiahjeronimojesusitojoaquinajohannah"
    "johannesjonathanjonathonjosecitojosefinajosefitajosefranjoselitojoseluisjuanfranjuanillajuanillo"
    "juanjitokaitlynnkatarinakathleenkendrickkimberlikimberlykingsleykingstonkristinekymberlylaodicia"
    "laurencelaurindalawrencelecurgusleonardoleonidasleopoldolorenitalorrainelouvinialucretialuisillo"
    "luquitasmacarenamadalenamaddisonmadelinemaferitamalenitamanoletemanolitamanolitomargaretmarianna"
    "mariauximaricelamaricharmarichusmaricrismarielosmariettamarijosemarilenamarilolamarilupemaripepa"
    "maripilimarisefamariteremarivikimarjoriemarujitamasayukimathildamatthewsmatthiasmauriciomaximito"
    "mercedesmichellemiguaellmiguaillmiguayllmiguelanmiguelinmiguelonmilagrosminguitomitchellmonchita"
    "monchitomontsitamortimernapoleonnicholasnicolasaorpheliaosaforumosaforuspalomitapanchitapanchito"
    "paquirriparmeliapasooniepatiencepatriciapatriciopenelopepercivalpermeliapernettaphiletusphilinda"
    "pilaricapinckneypleasantposthumaprescottprudencerandolphreginaldreinaldoremediosrhodellaroderick"
    "rosaennarosamarirosaritoroseannaroseannerosemarysalvadorsamanthasandritasantiagosantitossavannah"
    "sheridansibbillasigfiredsocratessolecitastephanistephanystephinesullivansusanitasusannahsylvanus"
    "teresinateresitathaddeustheodoratheodoretomasitatomasitotryphenavalentinvaleritavanburenvandalia"
    "vanesitaverniseeveronicavictoriavincenzoviolettavirginiawinfieldwinifredzedediah";
constexpr char kNames9[] =
    "albertitoalejandraalejandroaleksandralexanderalexandraalixandraalphiniasana mariaanastasiaandresito"
    "angelilloangelinesangeliquearchibaldarchillesaristotlearmanditoartelepsaaugustinaaugustinebartolome"
    "belencitabroderickcalpurniacarmelliacassandracatherinechabelitacharlottechristianchristinachristine"
    "christophconstanceconstanzacorneliuscristobaldanielitoeduarditoelbertsoneliphaleleliphaletelizabeth"
    "encarnitaenriquetaenriquitoernestineesperanzaestefaniafabiolitafelicianoferdinandflorenciaflorencio"
    "franciscafranciscofranklindfrasquitafredericafrederickgabriellagabriellegenevievegeorgianageraldine"
    "gertrudisguadalupeguillermiguillermogwendolynhaseltinehenriettahephsibahhipsbibahhortensiaisabelita"
    "jeffersonjohnathanjohnathonjorgelinajose luisjose marijose tonojosephinejosophinejuan josejuan luis"
    "julianitajulianitokatherinekimberleykristoferlafayettelourditasluquillasluz mariamackenziemagdalena"
    "magdelinamanuelitomarcelinomarcelitamarcelitomargaritamari pepamari tonimaria pazmariajosemariangel"
    "marianitamarianitomariatonimariquitamarisabelmarquitosmarugeniamehitabelmiguelitomillicentmonteleon"
    "montesquenathanielnatividadnicodemusobediencepartheniapatricitopelegrinepepe luispepe maripepe paco"
    "pepe tonoperegrineperiquitopetronilaphilanderphilipinaphilomenaprimitivopriscillarafaelitoramoncito"
    "remeditosricarditorobertitorosa marirosabellarosalindarosemarierubencitorudolphussebastiansigismund"
    "silvestersimoncitosophroniastephaniesylvestersyphoroustheodosiavalentinavalentinevivianitawinnifred"
    "yoshihikozachariahzephaniah";
constexpr char kNames10[] =
    "alexandriaallisandraana isabelantoinettecaliforniacalliedonacandelariacarmencitacarthaettechristiana"
    "christianocinderellaclementineconcepciondemocratesevangelineexperienceferdinandofernanditofredericka"
    "greenberryhernancitoinmaculadajacquelinejose mariajose nachojose ramonjuan diegojuan mariajuan nacho"
    "juan pablojuan pedrojuan ramonjuancarlosjuanmanuelkristofferkristopherleonorcitaluismiguelmacarenita"
    "margarettamargueritemaria inesmaria josemaricarmenmarimerchemariquillamariteresamartincitomaximilian"
    "menaalmenamerceditasmilagritosmontgomerymontserratnicholettenorbusamtepepe luchopepe ramonpersephone"
    "petronellapocahontasprovidencerosa mariatemperancetheodosiustheophilustranquillawashingtonwilhelmina";
constexpr char kNames11[] =
    "bartholomewchristofferchristopherdeliverancedeuteronomydulce mariaencarnacionesperancitaguillermina"
    "jesus mariajose carlosjose manueljose migueljuan carlosjuan manueljuan migueljuan monchojuan pancho"
    "littleberryluis miguelmari carmenmaria elenamaria jesusmaria lauramaria luisamariangelesmaximiliano"
    "maximillianmelchizedekpepe carlospepe manolopepe miguel";
constexpr char kNames12[] =
    "jose antoniojose ignaciojuan antoniojuan ignacioluis albertomaria isabelmaria josefamaria teresa"
    "miguel angelonicyphorousphiladelphiapurificacion";
constexpr char kNames13[] =
    "billiewilhelmepaphroditiusluis fernandomaria antoniamaria del marmaria doloresmaria eugenia"
    "maria soledad";
constexpr char kNames14[] =
    "carlos albertojose franciscojuan franciscomaria cristinamaria fernandamaria mercedesmaria victoria";
constexpr char kNames15[] =
    "maria de la luzmaria del pilarmaria guadalupe";
constexpr char kNames16[] =
    "francisco javiermaria del carmen";
constexpr char kNames17[] =
    "maria auxiliadoramaria del rosario";
constexpr char kNames20[] =
    "maria de los angelesmaria de los dolores";

}  // namespace

const NicknameGroup kNicknameGroups[] = {
    {nullptr, 0, 0},
    {kNames2, 25, 0},
    {kNames3, 214, 25},
    {kNames4, 613, 239},
    {kNames5, 715, 852},
    {kNames6, 667, 1567},
    {kNames7, 479, 2234},
    {kNames8, 310, 2713},
    {kNames9, 168, 3023},
    {kNames10, 70, 3191},
    {kNames11, 32, 3261},
    {kNames12, 12, 3293},
    {kNames13, 8, 3305},
    {kNames14, 7, 3313},
    {kNames15, 3, 3320},
    {kNames16, 2, 3323},
    {kNames17, 2, 3325},
    {nullptr, 0, 3327},
    {nullptr, 0, 3327},
    {kNames20, 2, 3327},
};
const size_t kLongestNickname = 20;
const size_t kNicknameCount = 3329;
const uint16_t kFormalStarts[] = {
    0, 7, 21, 22, 25, 27, 30, 38, 39, 43, 44, 46, 49, 51, 54, 63, 64, 65, 70, 72, 74, 75, 80, 81, 82, 84,
    87, 90, 91, 92, 93, 95, 103, 104, 106, 107, 122, 124, 125, 127, 128, 130, 132, 133, 134, 136, 137, 140,
    142, 143, 146, 149, 151, 153, 154, 155, 156, 158, 160, 162, 163, 165, 170, 173, 176, 177, 181, 184, 186,
    187, 188, 189, 192, 195, 196, 197, 202, 203, 204, 205, 206, 209, 210, 211, 213, 214, 215, 216, 218, 219,
    220, 221, 226, 229, 230, 234, 235, 236, 237, 238, 239, 240, 242, 244, 245, 247, 249, 249, 250, 252, 253,
    256, 257, 259, 260, 261, 262, 263, 265, 270, 271, 274, 275, 276, 277, 286, 293, 294, 296, 302, 303, 304,
    305, 307, 314, 315, 317, 322, 325, 327, 328, 332, 335, 340, 346, 347, 350, 354, 355, 356, 358, 359, 365,
    366, 372, 377, 378, 379, 380, 385, 386, 390, 391, 394, 396, 399, 405, 406, 407, 408, 409, 411, 412, 415,
    416, 417, 418, 421, 423, 424, 427, 430, 431, 432, 433, 436, 438, 439, 440, 441, 445, 450, 455, 456, 457,
    463, 464, 466, 471, 472, 473, 475, 479, 480, 481, 482, 485, 486, 487, 490, 491, 494, 495, 498, 502, 503,
    506, 509, 510, 511, 514, 515, 516, 520, 521, 525, 526, 527, 529, 530, 532, 535, 537, 538, 539, 542, 547,
    548, 549, 550, 554, 558, 562, 562, 569, 573, 576, 580, 582, 584, 584, 585, 586, 587, 594, 595, 596, 597,
    599, 606, 607, 608, 609, 613, 618, 619, 620, 621, 623, 624, 624, 628, 629, 630, 631, 632, 633, 635, 636,
    637, 640, 641, 643, 645, 646, 647, 662, 663, 665, 666, 671, 672, 673, 674, 677, 678, 680, 683, 684, 685,
    687, 688, 689, 691, 693, 694, 695, 697, 698, 699, 701, 702, 703, 704, 705, 706, 707, 708, 709, 710, 712,
    713, 714, 715, 717, 718, 719, 721, 722, 723, 727, 729, 730, 731, 732, 732, 733, 734, 738, 739, 741, 742,
    743, 745, 746, 749, 750, 751, 752, 753, 754, 755, 756, 757, 758, 766, 767, 771, 772, 777, 778, 780, 782,
    783, 784, 785, 786, 788, 798, 800, 801, 803, 805, 806, 807, 808, 812, 813, 819, 822, 822, 823, 826, 827,
    832, 834, 835, 835, 835, 837, 840, 841, 843, 844, 845, 846, 847, 848, 849, 850, 852, 853, 856, 858, 860,
    861, 862, 863, 863, 865, 866, 867, 868, 869, 870, 871, 872, 874, 875, 878, 880, 882, 883, 884, 885, 888,
    889, 890, 891, 894, 902, 912, 913, 915, 916, 918, 922, 924, 926, 927, 928, 930, 931, 933, 935, 936, 937,
    939, 941, 942, 943, 945, 946, 947, 948, 950, 954, 955, 956, 957, 958, 959, 960, 961, 963, 963, 964, 966,
    968, 969, 969, 970, 971, 971, 972, 973, 977, 977, 979, 980, 981, 984, 985, 987, 993, 994, 996, 997, 998,
    1001, 1006, 1006, 1008, 1009, 1011, 1013, 1014, 1016, 1017, 1018, 1022, 1026, 1035, 1035, 1036, 1036,
    1037, 1039, 1040, 1041, 1044, 1049, 1050, 1052, 1055, 1056, 1057, 1058, 1064, 1068, 1071, 1072, 1073,
    1074, 1075, 1075, 1076, 1078, 1079, 1080, 1081, 1083, 1084, 1093, 1094, 1095, 1097, 1099, 1103, 1104,
    1105, 1106, 1107, 1108, 1109, 1126, 1127, 1132, 1133, 1134, 1135, 1135, 1136, 1137, 1138, 1139, 1140,
    1141, 1142, 1143, 1147, 1153, 1154, 1155, 1156, 1162, 1163, 1165, 1166, 1167, 1170, 1176, 1178, 1179,
    1180, 1181, 1182, 1183, 1184, 1185, 1187, 1190, 1190, 1193, 1195, 1197, 1199, 1200, 1209, 1210, 1211,
    1212, 1213, 1214, 1215, 1216, 1217, 1218, 1220, 1222, 1223, 1225, 1230, 1231, 1234, 1235, 1247, 1249,
    1250, 1252, 1254, 1258, 1259, 1261, 1263, 1264, 1266, 1267, 1268, 1269, 1270, 1273, 1274, 1276, 1277,
    1278, 1280, 1281, 1284, 1286, 1287, 1290, 1291, 1296, 1297, 1298, 1299, 1301, 1303, 1304, 1305, 1306,
    1307, 1309, 1310, 1311, 1312, 1313, 1315, 1316, 1318, 1319, 1320, 1322, 1323, 1326, 1328, 1329, 1331,
    1334, 1335, 1336, 1339, 1340, 1341, 1342, 1343, 1348, 1353, 1354, 1355, 1358, 1359, 1360, 1361, 1362,
    1363, 1370, 1371, 1373, 1375, 1375, 1377, 1379, 1380, 1381, 1383, 1384, 1384, 1387, 1388, 1389, 1390,
    1392, 1393, 1395, 1396, 1396, 1400, 1401, 1402, 1403, 1404, 1405, 1408, 1410, 1411, 1412, 1413, 1414,
    1415, 1416, 1417, 1418, 1419, 1420, 1422, 1424, 1425, 1425, 1426, 1427, 1428, 1429, 1430, 1431, 1433,
    1435, 1436, 1439, 1450, 1454, 1455, 1456, 1457, 1458, 1461, 1463, 1464, 1469, 1479, 1483, 1484, 1485,
    1487, 1490, 1491, 1492, 1492, 1493, 1494, 1495, 1496, 1497, 1498, 1499, 1500, 1501, 1503, 1504, 1506,
    1507, 1509, 1510, 1511, 1513, 1514, 1515, 1516, 1517, 1518, 1522, 1523, 1524, 1526, 1527, 1528, 1529,
    1530, 1531, 1532, 1534, 1535, 1537, 1538, 1540, 1543, 1544, 1545, 1547, 1548, 1550, 1551, 1552, 1553,
    1566, 1567, 1570, 1571, 1577, 1578, 1579, 1580, 1582, 1585, 1587, 1593, 1594, 1595, 1597, 1598, 1599,
    1600, 1601, 1604, 1605, 1606, 1607, 1608, 1609, 1610, 1611, 1612, 1613, 1614, 1619, 1621, 1622, 1624,
    1625, 1626, 1627, 1632, 1633, 1634, 1635, 1636, 1638, 1640, 1643, 1644, 1645, 1646, 1647, 1648, 1649,
    1653, 1657, 1658, 1661, 1662, 1667, 1668, 1668, 1672, 1677, 1677, 1677, 1677, 1679, 1680, 1682, 1682,
    1683, 1684, 1685, 1685, 1686, 1687, 1687, 1687, 1688, 1689, 1699, 1700, 1701, 1704, 1707, 1709, 1714,
    1715, 1716, 1717, 1718, 1718, 1719, 1722, 1723, 1724, 1727, 1730, 1731, 1731, 1737, 1747, 1748, 1749,
    1750, 1751, 1753, 1754, 1756, 1759, 1761, 1764, 1766, 1769, 1773, 1774, 1774, 1775, 1777, 1779, 1780,
    1781, 1782, 1783, 1785, 1785, 1786, 1787, 1788, 1789, 1790, 1792, 1795, 1796, 1798, 1802, 1804, 1805,
    1805, 1806, 1807, 1808, 1809, 1812, 1813, 1815, 1816, 1817, 1819, 1820, 1821, 1822, 1825, 1827, 1829,
    1830, 1831, 1832, 1833, 1834, 1835, 1836, 1838, 1839, 1841, 1841, 1842, 1844, 1845, 1846, 1864, 1867,
    1868, 1870, 1871, 1874, 1875, 1879, 1880, 1882, 1884, 1888, 1890, 1891, 1892, 1894, 1895, 1896, 1899,
    1900, 1901, 1904, 1904, 1906, 1907, 1908, 1909, 1910, 1910, 1911, 1912, 1915, 1917, 1918, 1919, 1919,
    1922, 1923, 1924, 1929, 1935, 1936, 1938, 1938, 1938, 1938, 1942, 1943, 1944, 1945, 1946, 1947, 1948,
    1953, 1953, 1955, 1955, 1956, 1957, 1957, 1959, 1960, 1961, 1962, 1963, 1965, 1971, 1972, 1972, 1973,
    1973, 1974, 1974, 1974, 1974, 1977, 1984, 1989, 1993, 1995, 1996, 1999, 2000, 2001, 2003, 2004, 2006,
    2007, 2008, 2008, 2009, 2009, 2010, 2011, 2013, 2014, 2015, 2018, 2019, 2020, 2021, 2022, 2023, 2024,
    2025, 2026, 2026, 2027, 2028, 2032, 2034, 2035, 2036, 2037, 2038, 2039, 2042, 2043, 2044, 2045, 2047,
    2048, 2049, 2051, 2052, 2053, 2054, 2057, 2058, 2059, 2059, 2060, 2061, 2062, 2063, 2064, 2065, 2066,
    2067, 2068, 2070, 2071, 2072, 2075, 2076, 2077, 2082, 2083, 2085, 2086, 2089, 2089, 2090, 2092, 2093,
    2094, 2095, 2096, 2097, 2097, 2098, 2099, 2100, 2101, 2102, 2102, 2103, 2104, 2104, 2104, 2105, 2105,
    2106, 2107, 2107, 2107, 2107, 2109, 2109, 2112, 2113, 2115, 2116, 2116, 2117, 2120, 2124, 2124, 2125,
    2127, 2127, 2127, 2128, 2128, 2132, 2138, 2139, 2139, 2141, 2142, 2142, 2143, 2143, 2145, 2145, 2146,
    2147, 2151, 2152, 2153, 2154, 2154, 2155, 2155, 2156, 2156, 2163, 2163, 2166, 2167, 2168, 2169, 2170,
    2171, 2177, 2178, 2179, 2179, 2179, 2180, 2181, 2182, 2183, 2184, 2185, 2186, 2188, 2189, 2190, 2191,
    2192, 2194, 2194, 2195, 2196, 2198, 2200, 2201, 2201, 2202, 2205, 2211, 2217, 2219, 2220, 2222, 2223,
    2224, 2226, 2229, 2231, 2232, 2233, 2235, 2237, 2239, 2240, 2241, 2242, 2243, 2248, 2250, 2253, 2253,
    2254, 2255, 2256, 2257, 2258, 2260, 2260, 2262, 2264, 2267, 2273, 2275, 2276, 2279, 2280, 2282, 2284,
    2285, 2287, 2288, 2289, 2291, 2293, 2294, 2295, 2299, 2300, 2302, 2303, 2306, 2307, 2310, 2311, 2313,
    2315, 2318, 2318, 2320, 2321, 2321, 2322, 2322, 2324, 2325, 2326, 2328, 2328, 2331, 2332, 2333, 2334,
    2335, 2336, 2337, 2339, 2340, 2341, 2342, 2343, 2345, 2346, 2347, 2351, 2352, 2355, 2356, 2358, 2359,
    2361, 2362, 2369, 2370, 2371, 2372, 2374, 2375, 2378, 2381, 2383, 2383, 2384, 2385, 2386, 2387, 2391,
    2394, 2395, 2396, 2400, 2401, 2404, 2407, 2407, 2408, 2410, 2412, 2412, 2413, 2414, 2416, 2419, 2420,
    2421, 2424, 2425, 2427, 2428, 2430, 2433, 2434, 2436, 2438, 2445, 2448, 2449, 2452, 2453, 2454, 2455,
    2456, 2456, 2456, 2459, 2460, 2460, 2461, 2462, 2462, 2464, 2465, 2465, 2467, 2470, 2471, 2476, 2478,
    2478, 2479, 2479, 2482, 2483, 2484, 2485, 2486, 2488, 2489, 2490, 2491, 2492, 2493, 2494, 2495, 2496,
    2497, 2498, 2504, 2505, 2506, 2507, 2508, 2509, 2510, 2513, 2514, 2515, 2516, 2517, 2517, 2518, 2524,
    2525, 2526, 2527, 2528, 2530, 2531, 2531, 2531, 2532, 2533, 2534, 2535, 2536, 2537, 2547, 2550, 2552,
    2553, 2554, 2555, 2556, 2556, 2557, 2558, 2559, 2560, 2561, 2562, 2563, 2564, 2565, 2569, 2570, 2571,
    2574, 2577, 2577, 2578, 2580, 2581, 2583, 2584, 2585, 2591, 2596, 2597, 2597, 2598, 2599, 2600, 2601,
    2602, 2603, 2604, 2605, 2606, 2607, 2608, 2609, 2610, 2611, 2611, 2613, 2615, 2615, 2616, 2616, 2616,
    2617, 2617, 2619, 2620, 2623, 2627, 2628, 2631, 2634, 2636, 2637, 2638, 2639, 2643, 2645, 2646, 2647,
    2648, 2650, 2651, 2652, 2653, 2654, 2655, 2656, 2657, 2660, 2662, 2663, 2664, 2665, 2666, 2666, 2670,
    2672, 2674, 2675, 2677, 2678, 2679, 2680, 2681, 2683, 2684, 2685, 2686, 2686, 2690, 2691, 2692, 2693,
    2694, 2695, 2696, 2700, 2701, 2702, 2704, 2704, 2704, 2706, 2707, 2708, 2709, 2711, 2713, 2718, 2718,
    2721, 2725, 2729, 2729, 2730, 2731, 2732, 2733, 2734, 2736, 2738, 2738, 2743, 2744, 2746, 2748, 2748,
    2749, 2750, 2750, 2753, 2754, 2755, 2756, 2757, 2757, 2758, 2758, 2758, 2759, 2761, 2761, 2761, 2761,
    2761, 2761, 2761, 2761, 2761, 2762, 2762, 2762, 2762, 2763, 2763, 2765, 2766, 2767, 2767, 2767, 2768,
    2768, 2769, 2770, 2771, 2772, 2772, 2772, 2773, 2773, 2773, 2773, 2773, 2773, 2773, 2774, 2774, 2775,
    2775, 2777, 2777, 2779, 2780, 2782, 2783, 2784, 2785, 2786, 2786, 2788, 2789, 2791, 2791, 2795, 2797,
    2799, 2801, 2802, 2804, 2805, 2805, 2806, 2807, 2808, 2809, 2809, 2809, 2809, 2809, 2812, 2813, 2813,
    2814, 2814, 2817, 2820, 2821, 2831, 2832, 2832, 2833, 2834, 2835, 2836, 2837, 2838, 2839, 2840, 2841,
    2842, 2842, 2843, 2844, 2845, 2846, 2847, 2848, 2848, 2849, 2849, 2850, 2851, 2852, 2854, 2854, 2855,
    2860, 2861, 2863, 2864, 2864, 2865, 2865, 2866, 2867, 2867, 2868, 2868, 2868, 2871, 2871, 2873, 2873,
    2874, 2874, 2875, 2876, 2877, 2878, 2879, 2880, 2881, 2882, 2883, 2883, 2883, 2885, 2885, 2886, 2887,
    2888, 2889, 2890, 2890, 2890, 2890, 2890, 2890, 2890, 2890, 2890, 2891, 2893, 2894, 2894, 2895, 2895,
    2895, 2895, 2895, 2896, 2896, 2896, 2896, 2896, 2897, 2897, 2898, 2899, 2900, 2902, 2902, 2902, 2902,
    2903, 2903, 2903, 2904, 2905, 2905, 2905, 2905, 2905, 2906, 2907, 2909, 2909, 2910, 2910, 2912, 2913,
    2914, 2915, 2917, 2918, 2926, 2929, 2930, 2931, 2931, 2932, 2933, 2933, 2933, 2934, 2935, 2936, 2937,
    2938, 2939, 2939, 2940, 2941, 2942, 2944, 2945, 2947, 2948, 2952, 2954, 2955, 2959, 2960, 2961, 2962,
    2963, 2965, 2966, 2968, 2968, 2968, 2968, 2968, 2969, 2969, 2970, 2971, 2974, 2975, 2975, 2975, 2975,
    2975, 2976, 2977, 2978, 2979, 2979, 2979, 2979, 2980, 2981, 2982, 2983, 2984, 2984, 2985, 2986, 2987,
    2987, 2988, 2989, 2990, 2991, 2992, 2992, 2992, 2992, 2992, 2995, 2997, 2997, 2997, 3002, 3002, 3003,
    3003, 3005, 3005, 3005, 3007, 3007, 3010, 3016, 3017, 3018, 3019, 3020, 3021, 3022, 3023, 3025, 3026,
    3026, 3026, 3026, 3027, 3028, 3029, 3031, 3032, 3033, 3034, 3035, 3036, 3037, 3038, 3039, 3041, 3042,
    3043, 3044, 3045, 3046, 3047, 3047, 3047, 3047, 3049, 3050, 3050, 3051, 3051, 3052, 3053, 3056, 3056,
    3057, 3057, 3057, 3058, 3063, 3064, 3068, 3069, 3070, 3071, 3072, 3073, 3073, 3073, 3077, 3077, 3077,
    3077, 3078, 3078, 3078, 3079, 3080, 3081, 3081, 3081, 3081, 3082, 3082, 3084, 3084, 3084, 3084, 3085,
    3086, 3086, 3087, 3088, 3089, 3092, 3093, 3094, 3094, 3097, 3100, 3100, 3104, 3105, 3105, 3105, 3106,
    3107, 3107, 3108, 3109, 3110, 3111, 3113, 3113, 3114, 3114, 3114, 3115, 3117, 3117, 3123, 3123, 3124,
    3125, 3127, 3128, 3128, 3128, 3129, 3130, 3131, 3132, 3135, 3136, 3137, 3137, 3137, 3140, 3141, 3142,
    3144, 3145, 3147, 3148, 3150, 3152, 3153, 3154, 3155, 3156, 3157, 3158, 3159, 3159, 3159, 3159, 3160,
    3161, 3163, 3164, 3165, 3165, 3165, 3170, 3171, 3171, 3171, 3172, 3172, 3172, 3173, 3174, 3174, 3174,
    3176, 3178, 3178, 3178, 3179, 3181, 3183, 3184, 3184, 3186, 3187, 3187, 3190, 3192, 3193, 3194, 3200,
    3200, 3202, 3203, 3204, 3205, 3208, 3211, 3211, 3212, 3213, 3214, 3214, 3214, 3214, 3214, 3215, 3218,
    3219, 3220, 3225, 3225, 3226, 3235, 3236, 3237, 3241, 3242, 3243, 3243, 3245, 3246, 3246, 3246, 3247,
    3248, 3249, 3250, 3250, 3251, 3251, 3252, 3252, 3252, 3253, 3254, 3255, 3256, 3257, 3259, 3260, 3261,
    3262, 3262, 3263, 3263, 3264, 3265, 3267, 3268, 3269, 3270, 3271, 3272, 3272, 3272, 3273, 3275, 3275,
    3275, 3275, 3276, 3277, 3277, 3279, 3279, 3279, 3280, 3280, 3281, 3283, 3285, 3286, 3288, 3289, 3291,
    3292, 3292, 3293, 3294, 3295, 3300, 3301, 3301, 3301, 3302, 3302, 3303, 3304, 3305, 3305, 3305, 3305,
    3305, 3310, 3311, 3311, 3313, 3314, 3314, 3315, 3315, 3315, 3315, 3315, 3319, 3320, 3323, 3323, 3325,
    3325, 3325, 3325, 3326, 3327, 3327, 3328, 3329, 3330, 3331, 3332, 3333, 3334, 3335, 3337, 3337, 3339,
    3339, 3339, 3340, 3340, 3341, 3342, 3344, 3345, 3346, 3349, 3350, 3351, 3353, 3354, 3355, 3357, 3359,
    3362, 3364, 3366, 3367, 3367, 3367, 3368, 3369, 3371, 3372, 3373, 3376, 3378, 3379, 3380, 3380, 3380,
    3381, 3382, 3382, 3383, 3385, 3386, 3387, 3389, 3392, 3393, 3396, 3396, 3397, 3397, 3400, 3400, 3400,
    3401, 3402, 3411, 3411, 3411, 3412, 3414, 3414, 3416, 3417, 3417, 3418, 3418, 3418, 3418, 3418, 3418,
    3418, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419, 3419,
    3419, 3420, 3420, 3421, 3422, 3422, 3423, 3423, 3423, 3423, 3423, 3423, 3423, 3423, 3423, 3423, 3423,
    3423, 3423, 3423, 3423, 3423, 3423, 3423, 3424, 3424, 3427, 3427, 3428, 3429, 3430, 3430, 3430, 3430,
    3430, 3430, 3430, 3430, 3430, 3430, 3430, 3430, 3431, 3431, 3432, 3433, 3433, 3433, 3433, 3433, 3433,
    3433, 3433, 3434, 3435, 3435, 3435, 3437, 3437, 3439, 3439, 3439, 3439, 3440, 3440, 3440, 3441, 3443,
    3445, 3445, 3446, 3447, 3448, 3449, 3450, 3451, 3452, 3453, 3453, 3454, 3455, 3456, 3457, 3457, 3458,
    3460, 3460, 3464, 3465, 3465, 3465, 3466, 3466, 3467, 3467, 3468, 3468, 3469, 3470, 3470, 3470, 3470,
    3471, 3472, 3473, 3473, 3476, 3476, 3476, 3476, 3476, 3476, 3476, 3476, 3476, 3476, 3476, 3476, 3476,
    3476, 3476, 3477, 3477, 3478, 3478, 3479, 3479, 3480, 3480, 3481, 3482, 3483, 3483, 3483, 3483, 3483,
    3483, 3483, 3483, 3483, 3483, 3483, 3483, 3483, 3483, 3484, 3484, 3484, 3484, 3485, 3485, 3486, 3486,
    3488, 3492, 3494, 3497, 3502, 3502, 3503, 3503, 3503, 3504, 3505, 3505, 3505, 3505, 3505, 3506, 3506,
    3506, 3506, 3507, 3507, 3507, 3507, 3507, 3507, 3508, 3508, 3508, 3509, 3509, 3509, 3509, 3509, 3509,
    3509, 3509, 3510, 3511, 3511, 3512, 3514, 3514, 3514, 3514, 3514, 3514, 3514, 3515, 3516, 3517, 3518,
    3518, 3519, 3521, 3522, 3523, 3524, 3525, 3526, 3527, 3528, 3528, 3528, 3529, 3529, 3529, 3529, 3529,
    3529, 3529, 3529, 3529, 3530, 3530, 3530, 3530, 3530, 3531, 3531, 3531, 3531, 3531, 3531, 3531, 3531,
    3531, 3531, 3531, 3531, 3532, 3532, 3532, 3532, 3532, 3533, 3534, 3534, 3534, 3534, 3534, 3535, 3535,
    3535, 3536, 3537, 3538, 3539, 3540, 3540, 3542, 3542, 3542, 3542, 3543, 3543, 3543, 3544, 3544, 3545,
    3545, 3545, 3545, 3546, 3547, 3550, 3552, 3552, 3552, 3553, 3554, 3555, 3556, 3557, 3557, 3558, 3559,
    3560, 3561, 3562, 3562, 3563, 3564, 3564, 3564, 3565, 3566, 3567, 3568, 3568, 3568, 3568, 3569, 3569,
    3569, 3569, 3571, 3571, 3571, 3572, 3572, 3572, 3572, 3572, 3574, 3574, 3575, 3576, 3577, 3578, 3578,
    3579, 3579, 3580, 3581, 3582, 3582, 3582, 3582, 3583, 3583, 3583, 3583, 3583, 3584, 3584, 3584, 3585,
    3586, 3587, 3588, 3588, 3589, 3590, 3591, 3592, 3592, 3592, 3592, 3593, 3594, 3595, 3596, 3596, 3596,
    3597, 3598, 3598, 3599, 3600, 3601, 3602, 3602, 3602, 3602, 3602, 3603, 3604, 3604, 3604, 3604, 3604,
    3605, 3605, 3605, 3605, 3605, 3605, 3605, 3605, 3605, 3605, 3606, 3607, 3607, 3607, 3607, 3607, 3608,
    3608, 3608, 3608, 3608, 3608, 3608, 3609, 3610, 3611, 3612, 3612, 3612, 3612, 3613, 3614, 3614, 3615,
    3615, 3616, 3616, 3616, 3616, 3617, 3617, 3617, 3617, 3618, 3618, 3618, 3619, 3619, 3620, 3620, 3621,
    3621, 3621, 3621, 3621, 3622, 3622, 3624, 3624, 3624, 3624, 3624, 3625, 3626, 3626, 3627, 3627, 3627,
    3627, 3627, 3628, 3628, 3628, 3628, 3628, 3628, 3628, 3632, 3632, 3632, 3632, 3632, 3632, 3632, 3632,
    3632, 3632, 3633, 3633, 3633, 3633, 3633, 3633, 3633, 3633, 3634, 3634, 3634, 3634, 3635, 3635, 3637,
    3638, 3639, 3639, 3640, 3640, 3640, 3641, 3641, 3641, 3641, 3642, 3642, 3642, 3643, 3643, 3644, 3644,
    3644, 3644, 3644, 3645, 3645, 3645, 3645, 3647, 3647, 3647, 3649, 3649, 3650, 3650, 3652, 3652, 3653,
    3653, 3653, 3654, 3654, 3655, 3656, 3656, 3656, 3657, 3658, 3659, 3659, 3660, 3662, 3662, 3663, 3663,
    3663, 3663, 3663, 3664, 3664, 3664, 3665, 3665, 3665, 3665, 3666, 3666, 3666, 3667, 3667, 3667, 3667,
    3667, 3668, 3668, 3669, 3670, 3670, 3670, 3670, 3670, 3670, 3670, 3670, 3670, 3671, 3672, 3672, 3674,
    3674, 3674, 3674, 3674, 3674, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676,
    3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3676, 3677, 3677, 3678, 3678, 3678, 3678, 3678, 3678,
    3678, 3678, 3678, 3679, 3679, 3679, 3679, 3683, 3686, 3687, 3687, 3688, 3689, 3690, 3691, 3692, 3693,
    3694, 3695, 3695, 3695, 3695, 3697, 3699, 3700, 3700, 3700, 3700, 3700, 3700, 3701, 3701, 3703, 3703,
    3703, 3703, 3703, 3704, 3704, 3704, 3704, 3705, 3706, 3706, 3707, 3707, 3709, 3710, 3711, 3712, 3713,
    3714, 3716, 3717, 3718, 3718, 3719, 3720, 3721, 3722, 3722, 3723, 3724, 3725, 3726, 3727, 3728, 3729,
    3730, 3731, 3732, 3733, 3733, 3733, 3733, 3733, 3733, 3734, 3734, 3734, 3735, 3736, 3737, 3738, 3739,
    3740, 3740, 3741, 3742, 3743, 3744, 3745, 3745, 3745, 3745, 3745, 3745, 3746, 3747, 3748, 3749, 3750,
    3751, 3751, 3752, 3752, 3754, 3754, 3754, 3754, 3754, 3754, 3754, 3754, 3755, 3755, 3755, 3755, 3755,
    3756, 3756, 3758, 3758, 3758, 3758, 3758, 3758, 3759, 3760, 3760, 3760, 3760, 3760, 3760, 3761, 3761,
    3762, 3762, 3762, 3762, 3762, 3762, 3763, 3764, 3765, 3766, 3766, 3767, 3767, 3767, 3768, 3769, 3770,
    3770, 3771, 3772, 3773, 3773, 3773, 3774, 3774, 3774, 3775, 3775, 3775, 3776, 3776, 3776, 3776, 3776,
    3776, 3776, 3777, 3777, 3777, 3777, 3778, 3778, 3778, 3778, 3778, 3778, 3779, 3780, 3782, 3783, 3783,
    3783, 3783, 3784, 3784, 3784, 3784, 3784, 3785, 3785, 3785, 3785, 3786, 3788, 3789, 3790, 3790, 3791,
    3791, 3791, 3791, 3791, 3791, 3791, 3792, 3793, 3793, 3793, 3793, 3795, 3796, 3796, 3797, 3798, 3798,
    3798, 3799, 3800, 3800, 3800, 3800, 3800, 3800, 3800, 3801, 3801, 3802, 3802, 3802, 3802, 3802, 3803,
    3803, 3803, 3804, 3804, 3804, 3804, 3804, 3804, 3804, 3804, 3805, 3805, 3808, 3811, 3811, 3811, 3812,
    3813, 3814, 3815, 3815, 3815, 3816, 3817, 3817, 3818, 3818, 3818, 3819, 3820, 3820, 3820, 3820, 3820,
    3821, 3821, 3822, 3823, 3823, 3824, 3825, 3825, 3826, 3827, 3828, 3829, 3830, 3831, 3832, 3833, 3834,
    3835, 3836, 3836, 3836, 3836, 3836, 3836, 3836, 3836, 3836, 3837, 3837, 3838, 3839, 3840, 3841, 3841,
    3842, 3842, 3842, 3842, 3842, 3842, 3842, 3843, 3844, 3845, 3846, 3847, 3848, 3848, 3848, 3849, 3850,
    3850, 3850, 3850, 3850, 3851, 3851, 3851, 3851, 3852, 3852, 3852, 3852, 3853, 3855, 3855, 3855, 3855,
    3855, 3855, 3855, 3855, 3855, 3856, 3856, 3857, 3857, 3857, 3857, 3858, 3858, 3858, 3858, 3858, 3858,
    3858, 3859, 3859, 3859, 3860, 3860, 3860, 3860, 3861, 3861, 3861, 3861, 3862, 3862, 3862, 3862, 3863,
    3864, 3864, 3864, 3865, 3866, 3867, 3868, 3868, 3868, 3868, 3870, 3871, 3872, 3873, 3874, 3874, 3875,
    3876, 3877, 3877, 3877, 3877, 3877, 3878, 3879, 3879, 3879, 3879, 3879, 3879, 3879, 3880, 3880, 3880,
    3880, 3881, 3882, 3882, 3882, 3882, 3882, 3882, 3882, 3883, 3883, 3883, 3883, 3883, 3883, 3883, 3883,
    3883, 3884, 3885, 3885, 3885, 3886, 3886, 3886, 3886, 3886, 3887, 3887, 3887, 3887, 3888, 3889, 3890,
    3890, 3890, 3890, 3890, 3890, 3890, 3890, 3890, 3890, 3890, 3891, 3891, 3892, 3892, 3892, 3892, 3892,
    3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892, 3892,
    3892, 3892,
};
const uint16_t kFormals[] = {
    242, 855, 856, 857, 1567, 2236, 2237, 248, 249, 253, 870, 871, 1138, 1572, 1574, 1580, 1583, 2244, 2249,
    2723, 3027, 2295, 990, 2787, 3302, 1006, 1007, 242, 1027, 2798, 377, 1028, 1029, 1031, 1716, 1717, 1718,
    2376, 383, 387, 388, 1043, 2384, 399, 1747, 3206, 407, 2402, 2403, 1113, 2837, 1818, 2843, 2844, 496,
    499, 1155, 1850, 1851, 2455, 2856, 3107, 3108, 3221, 1892, 143, 1235, 1951, 2511, 2512, 145, 589, 1427,
    2634, 747, 1467, 1470, 2156, 3177, 3181, 2172, 3181, 1545, 2218, 242, 857, 2236, 2238, 2240, 2727, 2716,
    2720, 1570, 3024, 3025, 1575, 1576, 1577, 2245, 2253, 2254, 2255, 3192, 1588, 2302, 3032, 33, 263, 264,
    878, 1328, 1690, 2263, 2637, 2642, 2643, 2644, 2977, 2980, 2981, 3194, 3200, 2262, 2264, 2237, 2735,
    2736, 2266, 1602, 2274, 883, 1605, 1606, 2281, 275, 2282, 3261, 2287, 2294, 2745, 2746, 2747, 2293, 285,
    906, 2119, 2297, 2298, 2302, 917, 1637, 2306, 2758, 1651, 502, 957, 1676, 3059, 343, 1684, 1685, 2989,
    997, 2363, 2791, 998, 999, 1691, 1692, 2358, 1610, 1690, 2361, 2359, 2718, 2790, 2119, 2367, 2369, 2794,
    2795, 1706, 1707, 2370, 1022, 2372, 2159, 2376, 1034, 1035, 1728, 1729, 1736, 1738, 2802, 2389, 2400,
    74, 1747, 2400, 2526, 3086, 74, 1751, 1053, 2406, 2811, 2812, 3317, 1473, 3159, 2813, 3076, 2821, 490,
    1775, 2421, 2823, 2824, 2826, 3244, 1611, 2425, 2740, 2832, 3043, 1110, 1795, 1813, 2833, 1105, 1110,
    1795, 2834, 2837, 2119, 2432, 1814, 501, 1133, 1916, 2488, 469, 3233, 1817, 1133, 1818, 1820, 2441, 106,
    1143, 1831, 1832, 1135, 1138, 1145, 2847, 2848, 2849, 1139, 2851, 1843, 1139, 1865, 1866, 501, 2858,
    2859, 3101, 3102, 3103, 1865, 1866, 1867, 1162, 1887, 2475, 517, 1181, 1900, 2476, 2477, 2765, 2872,
    3050, 3113, 524, 1186, 2479, 2480, 2481, 2563, 2873, 1190, 2875, 3114, 2765, 2872, 3050, 3053, 3113,
    3263, 2879, 1561, 1199, 1918, 2491, 550, 1035, 1204, 1606, 1922, 2664, 2886, 1919, 1138, 2493, 1923,
    2491, 2493, 2885, 2887, 1924, 1925, 1927, 1586, 2638, 3066, 1212, 1931, 2360, 2500, 564, 1937, 3066,
    1223, 1580, 1751, 2881, 2883, 569, 1230, 1944, 1945, 2511, 2512, 3320, 589, 2523, 3120, 152, 605, 1271,
    2911, 2523, 3309, 1998, 2005, 2927, 2012, 2013, 2562, 3240, 3287, 3288, 2911, 1291, 1963, 2017, 2903,
    3127, 3231, 1043, 1588, 2021, 2566, 2567, 1270, 1403, 2047, 35, 263, 264, 1328, 1793, 2944, 2051, 2584,
    2586, 3145, 2841, 1031, 1717, 1718, 1685, 1976, 1818, 2843, 2844, 2367, 2369, 2588, 2589, 2945, 3147,
    687, 1356, 1545, 1332, 1558, 2268, 3302, 2073, 2278, 2350, 687, 2077, 1366, 2604, 2956, 2957, 1366,
    2605, 3130, 1375, 2903, 3231, 2089, 2612, 3160, 1363, 2625, 1590, 334, 984, 2278, 2108, 2972, 2973,
    1912, 2973, 49, 906, 2119, 2632, 1431, 2120, 2121, 2976, 3046, 269, 852, 2124, 2306, 3015, 2130, 1204,
    2636, 2639, 2642, 2980, 3170, 3171, 718, 2672, 2983, 2135, 2136, 2137, 2650, 2984, 3175, 2658, 2146,
    2147, 2154, 2174, 2666, 2991, 3176, 2668, 2408, 3000, 3177, 3181, 2672, 2171, 1486, 2677, 2999, 2154,
    3000, 3177, 3181, 2352, 1717, 1718, 3005, 1282, 2393, 2683, 2684, 2691, 1999, 2243, 3009, 789, 1520,
    2186, 1801, 464, 2204, 2695, 3184, 2997, 3181, 2214, 2699, 3016, 3017, 1541, 1637, 2216, 2699, 3017,
    3019, 2218, 1930, 2490, 1552, 2221, 2704, 2705, 2706, 2707, 1031, 3020, 2709, 1561, 2710, 2711, 3189,
    845, 846, 2710, 2711, 3189, 1819, 2712, 3022, 2234, 2235, 2713, 2714, 2234, 2235, 2713, 2714, 2234,
    2235, 2713, 2714, 26, 860, 2238, 2239, 2240, 2717, 2719, 26, 859, 2238, 2717, 1569, 2241, 2727, 863,
    1570, 2277, 3042, 2243, 2722, 870, 871, 3027, 3026, 1138, 1573, 3024, 3025, 3026, 3027, 3028, 3191,
    2251, 2724, 3029, 3028, 3191, 1577, 1582, 1583, 2253, 2254, 2255, 3192, 1322, 1594, 1590, 1590, 1591,
    1592, 2726, 878, 1793, 2261, 2302, 2988, 263, 1594, 2734, 2266, 2267, 1598, 38, 1599, 2735, 2736, 2739,
    1722, 1612, 3325, 2282, 2743, 3261, 2818, 2107, 720, 888, 2626, 3148, 1818, 2707, 1818, 2707, 891, 1620,
    1572, 1624, 1721, 1725, 1814, 2222, 2246, 2291, 2359, 2421, 2429, 2590, 2631, 2718, 3063, 3066, 2292,
    3066, 2287, 2247, 2632, 2823, 2839, 3313, 2192, 2414, 1567, 831, 2225, 2707, 2983, 2296, 2752, 1608,
    2297, 2753, 1721, 2571, 2303, 2304, 1175, 1643, 1638, 1640, 2312, 2326, 1645, 2762, 2317, 2318, 2764,
    2764, 2766, 2767, 2629, 2319, 2319, 2787, 2769, 3052, 2325, 502, 1662, 2339, 2340, 1235, 1427, 2739,
    1149, 3283, 1149, 2345, 2347, 3203, 2777, 1823, 334, 984, 1159, 2670, 2062, 3246, 3058, 3058, 2350,
    3234, 2670, 2784, 2785, 3060, 3316, 2352, 1270, 2627, 2627, 2884, 1682, 2783, 1684, 1685, 2356, 2788,
    1685, 2356, 1687, 997, 997, 1692, 1692, 1591, 2790, 860, 1002, 2238, 2240, 2360, 2361, 2717, 2719, 861,
    2591, 2848, 2849, 3022, 1007, 728, 1420, 2365, 2630, 3289, 2880, 1006, 1007, 861, 3088, 3306, 2796,
    2366, 1016, 1706, 2370, 1018, 1726, 1744, 2016, 2371, 2372, 2438, 2599, 2796, 3004, 2441, 2683, 2373,
    873, 1590, 1592, 2708, 1715, 3265, 3306, 2591, 2848, 2849, 3022, 2798, 1029, 1031, 1716, 1717, 1718,
    2376, 1030, 1032, 1720, 379, 1030, 1032, 1720, 2805, 1108, 1803, 1951, 3084, 3085, 1039, 1730, 1733,
    1043, 2384, 388, 1043, 2384, 2721, 2388, 3068, 3306, 2364, 269, 3070, 2391, 3071, 2696, 2394, 2395,
    1051, 2507, 3095, 3199, 3095, 3199, 2397, 2398, 2399, 3206, 3207, 1748, 2404, 2099, 1751, 2099, 3072,
    3116, 1752, 1752, 2808, 2809, 2620, 1057, 1753, 2406, 1753, 2099, 2811, 2812, 2809, 2091, 2684, 1859,
    2861, 3107, 2633, 3076, 2633, 295, 2752, 2776, 2408, 2410, 2814, 2815, 3078, 3079, 3080, 3323, 831, 905,
    1574, 1768, 2224, 2705, 3075, 3083, 3187, 3208, 2414, 2414, 2817, 2414, 2414, 2817, 2234, 2235, 2713,
    2714, 1771, 2416, 1771, 2416, 1593, 875, 2397, 3311, 1745, 2397, 2398, 2398, 2818, 2420, 1148, 1777,
    2822, 2109, 3019, 1092, 2423, 1782, 2828, 2829, 2423, 3093, 1110, 3095, 1105, 1110, 1795, 2834, 1801,
    2429, 1838, 1827, 1827, 2432, 2433, 490, 1814, 2927, 2840, 2841, 2435, 2436, 1127, 863, 3213, 3079,
    1821, 1818, 2438, 2843, 2844, 2439, 2440, 1135, 2442, 501, 2443, 3214, 1823, 1135, 1137, 488, 1152,
    1153, 1837, 1845, 3019, 3025, 1833, 3323, 1833, 1138, 483, 2846, 3086, 2450, 2451, 2819, 2850, 3100,
    1840, 2851, 2853, 1845, 2452, 1170, 2453, 1848, 1850, 2856, 501, 1850, 1850, 1865, 2856, 3107, 117,
    1865, 3107, 3108, 99, 118, 476, 1853, 2857, 2858, 2859, 3101, 3102, 1866, 1886, 1166, 1886, 1886, 1886,
    1171, 1888, 1889, 1170, 1173, 1888, 2470, 2471, 1892, 926, 1177, 2473, 2474, 2870, 1175, 924, 924, 518,
    1179, 2476, 2477, 2478, 3113, 2765, 2872, 3050, 3113, 2476, 2477, 3113, 2104, 2145, 3311, 1900, 2837,
    2808, 3078, 2388, 3079, 3038, 2876, 2877, 1159, 962, 2482, 2878, 3054, 3055, 3115, 3200, 3226, 3227,
    3279, 1204, 2399, 2716, 1199, 2399, 2376, 2420, 2422, 2430, 2492, 2430, 1606, 2963, 3065, 2279, 1034,
    1108, 1571, 1598, 1802, 1803, 2238, 2240, 2357, 2400, 2765, 2872, 2897, 3050, 3113, 3121, 3122, 3121,
    136, 1934, 2493, 2886, 2944, 2496, 2496, 865, 865, 1573, 1035, 2809, 3064, 1728, 2360, 2499, 140, 1212,
    1931, 2499, 1372, 2605, 2730, 2762, 2764, 3103, 2501, 3124, 1753, 868, 1036, 1575, 1735, 2567, 3066,
    1729, 875, 1057, 3066, 2020, 1944, 1945, 2428, 1612, 2361, 2366, 2528, 3310, 3328, 2366, 3310, 1976,
    2366, 2076, 1941, 2505, 2311, 1231, 1235, 2510, 1235, 2511, 2512, 1231, 1947, 1959, 1951, 2508, 1237,
    2508, 3090, 3322, 1957, 924, 1213, 1214, 1960, 2316, 2321, 2566, 2763, 2964, 2894, 3120, 3213, 3310,
    1821, 3317, 3127, 3234, 2523, 3285, 3320, 1976, 2528, 3321, 1979, 1980, 1270, 2535, 2536, 2906, 3324,
    1980, 2397, 2535, 3311, 2004, 1270, 1271, 1313, 1983, 1988, 1997, 2363, 2542, 2560, 2791, 2911, 2982,
    2193, 2923, 1282, 2006, 2558, 2006, 2558, 2005, 2559, 2925, 2926, 2005, 2557, 2897, 2009, 2010, 3319,
    2012, 3287, 3261, 2528, 2314, 3092, 1577, 1599, 1848, 2048, 2025, 2026, 3261, 2570, 627, 2572, 2570,
    2029, 2572, 2573, 2029, 2570, 2573, 1638, 1736, 2937, 2937, 1640, 1738, 2802, 2937, 3287, 2937, 1839,
    2035, 3260, 3269, 1730, 2580, 2102, 3092, 3205, 2853, 2042, 2103, 2042, 2943, 1322, 1322, 1579, 2137,
    2048, 2840, 2841, 2049, 2535, 2536, 2812, 2584, 2051, 2840, 3145, 2584, 3146, 3059, 2356, 2528, 1038,
    1802, 2494, 1976, 2055, 1034, 3121, 3282, 2207, 2391, 2058, 3015, 2588, 2589, 2794, 2945, 3147, 2588,
    2589, 2945, 2946, 3147, 3059, 3158, 33, 1164, 2466, 1620, 1971, 2067, 2062, 1923, 1731, 1811, 1922,
    1923, 2377, 2494, 2495, 2066, 2591, 3148, 2591, 2592, 2645, 3174, 1558, 2268, 3257, 1360, 1550, 2074,
    2686, 685, 1550, 2074, 3078, 3079, 2076, 1381, 2604, 2957, 2957, 2958, 2957, 1859, 2861, 3234, 3299,
    502, 1859, 3071, 1381, 1374, 2089, 2612, 2963, 1385, 3321, 2966, 1753, 3090, 2967, 2887, 2969, 2970,
    3304, 2265, 2454, 2099, 2620, 2099, 2620, 2102, 2390, 2626, 2107, 2627, 2109, 2974, 1130, 2143, 1533,
    2281, 1569, 1420, 2248, 2630, 358, 393, 728, 1005, 1651, 1700, 2364, 2629, 2630, 3046, 3083, 1844, 2903,
    3127, 3231, 2632, 2631, 1427, 2633, 1431, 2120, 2635, 2645, 3174, 3254, 2636, 2638, 2639, 3170, 3171,
    738, 2636, 2639, 2642, 2643, 2644, 2980, 2982, 3170, 3171, 738, 2638, 2640, 3254, 2127, 738, 1442, 2112,
    2633, 2645, 3174, 718, 2647, 2134, 2136, 2136, 1452, 2672, 3175, 1859, 2276, 3250, 2146, 2147, 2662,
    2152, 2989, 2128, 1470, 2156, 2670, 1473, 2671, 3312, 1475, 2352, 2677, 2203, 1846, 1846, 2172, 2739,
    3283, 1149, 2172, 1492, 2175, 2766, 2767, 1496, 2682, 2682, 2593, 2425, 2594, 3072, 2180, 3300, 1506,
    2180, 2687, 1051, 2180, 3300, 3003, 3145, 3005, 3183, 2186, 2559, 2926, 2810, 2689, 2558, 2277, 2551,
    2722, 2785, 2871, 2878, 3042, 3054, 3055, 3070, 3184, 3200, 3316, 2552, 1517, 2485, 2497, 1277, 1801,
    2140, 2247, 2391, 2632, 2839, 3162, 2192, 1520, 2263, 3308, 2263, 2264, 3308, 2264, 3293, 2262, 2263,
    2264, 2348, 2662, 3194, 3016, 3016, 3016, 3319, 2745, 3089, 1603, 1149, 2694, 3009, 3184, 3184, 2207,
    1915, 3015, 3015, 2256, 3177, 2818, 1929, 3016, 1916, 2488, 2489, 2569, 2890, 2214, 3016, 2701, 1551,
    2220, 3259, 2703, 2704, 2222, 2223, 2226, 2705, 2707, 2229, 2708, 1833, 2454, 1011, 2986, 2376, 2420,
    2145, 2279, 2635, 2709, 2709, 2709, 1782, 1159, 1173, 846, 2710, 2711, 3189, 845, 2710, 2711, 3189,
    1584, 2710, 2711, 3189, 2422, 1133, 2402, 2710, 2711, 3189, 3190, 2234, 2235, 2713, 2714, 2234, 2235,
    2237, 2713, 2714, 2239, 2721, 1002, 2717, 2719, 861, 470, 3025, 2250, 2252, 871, 870, 868, 1571, 1575,
    1576, 1577, 2246, 2253, 2254, 2255, 3192, 1590, 2491, 1593, 2728, 2730, 1593, 2728, 2730, 33, 3031, 35,
    263, 264, 1918, 3180, 1594, 2264, 2734, 1601, 1606, 44, 275, 2282, 3044, 2744, 720, 2107, 2626, 279,
    2107, 2626, 3148, 1818, 2735, 2736, 2843, 2844, 3170, 38, 892, 1818, 2289, 2636, 2735, 2736, 2843, 2844,
    3170, 2747, 2747, 2747, 2747, 2748, 2749, 2290, 3211, 3279, 2247, 2632, 2839, 287, 3066, 287, 2287,
    3066, 1627, 2299, 293, 2119, 2707, 285, 1431, 2119, 2120, 3046, 2648, 2754, 2755, 907, 3046, 2258, 908,
    3011, 2629, 2303, 2304, 3047, 3197, 2308, 1176, 2311, 921, 1176, 2761, 2762, 2763, 924, 2765, 3050,
    2765, 2872, 3050, 3113, 2319, 2320, 2880, 1818, 2986, 2422, 2172, 2510, 2536, 3175, 1645, 2640, 3326,
    2983, 2983, 2640, 3326, 3175, 2145, 2145, 2529, 2826, 2906, 2530, 2780, 3215, 3270, 3273, 1859, 502,
    2152, 2326, 3079, 2319, 1820, 3325, 2454, 738, 3204, 1473, 2671, 3312, 2671, 3204, 532, 1905, 2342,
    2352, 2483, 2484, 2878, 3053, 3054, 3055, 3056, 3115, 3200, 3201, 3226, 3227, 3262, 3263, 951, 2326,
    2327, 3283, 1669, 3163, 2511, 2355, 2512, 3202, 3079, 2319, 2408, 2774, 3163, 2945, 2589, 2945, 1671,
    2772, 974, 1671, 2773, 2774, 1671, 2772, 2345, 2346, 2348, 2776, 2588, 330, 56, 1676, 3059, 2780, 1159,
    334, 984, 2781, 2782, 3059, 2783, 2992, 3078, 3079, 2308, 1689, 2903, 3127, 3231, 1685, 2989, 2357, 997,
    1691, 1692, 2358, 1691, 861, 2238, 2240, 2288, 2407, 2781, 859, 2360, 2361, 2717, 2975, 3264, 3264,
    1699, 2792, 1006, 1007, 1743, 2806, 1008, 2630, 2986, 3264, 3306, 2372, 2622, 2645, 2720, 2971, 3174,
    1706, 2370, 3183, 2396, 1021, 2372, 3191, 3266, 1804, 3306, 242, 2798, 1029, 1031, 1716, 1717, 1718,
    2376, 2375, 1719, 2805, 1944, 1945, 3066, 383, 544, 1108, 1802, 1803, 2377, 2799, 1108, 1730, 1803,
    2377, 2788, 386, 1041, 2382, 2800, 868, 1575, 1733, 387, 1588, 2384, 3041, 3082, 2976, 3083, 3082, 1740,
    2374, 1132, 1742, 74, 1751, 1751, 2408, 3072, 2406, 2252, 1754, 3184, 3185, 1758, 2811, 3020, 1760,
    2810, 3076, 2813, 3077, 2250, 2250, 2410, 2411, 2815, 3080, 2251, 3210, 2252, 2252, 3083, 3179, 3015,
    2414, 3084, 3085, 2375, 2417, 2416, 2277, 3042, 2260, 2635, 2451, 2819, 2420, 1775, 3088, 1148, 1774,
    3088, 3019, 3019, 1782, 1782, 2422, 2825, 2826, 3211, 2827, 2829, 3127, 3090, 3322, 2376, 2425, 1110,
    1795, 2834, 2838, 2717, 1034, 1038, 1723, 1724, 2799, 3095, 1105, 2388, 1807, 1807, 2427, 3140, 3140,
    1431, 2120, 1827, 1811, 2495, 1812, 3098, 1121, 1121, 1813, 2968, 2436, 1127, 2436, 1049, 1133, 2444,
    1140, 1141, 1139, 1140, 2747, 3024, 1845, 2846, 483, 2851, 1840, 2851, 3086, 1774, 2416, 2852, 3088,
    1843, 1136, 1139, 2454, 2858, 2859, 3101, 3102, 118, 501, 2858, 2859, 3101, 3102, 1159, 3107, 3108,
    3107, 2454, 1164, 3296, 1166, 1886, 1170, 1171, 1888, 1889, 1171, 1170, 1173, 1892, 921, 518, 927, 2478,
    2765, 2872, 3050, 3113, 518, 1179, 2478, 2520, 1898, 1898, 1900, 2563, 524, 1900, 2479, 2480, 2481,
    2873, 3120, 1189, 2305, 1901, 2433, 1199, 2709, 2377, 2123, 2881, 2883, 2882, 2378, 2110, 2885, 1138,
    2493, 1230, 2499, 139, 3066, 1575, 2406, 1575, 2667, 140, 1931, 2500, 2289, 2321, 2566, 2639, 2964,
    3171, 1213, 1960, 2321, 2524, 2566, 2964, 1735, 2567, 1643, 1357, 2072, 3066, 1068, 2366, 3328, 1931,
    2361, 2500, 2881, 2883, 1580, 2506, 2507, 2889, 2881, 2883, 2881, 2883, 3052, 1230, 143, 582, 581, 1237,
    3119, 3285, 3320, 1235, 3119, 581, 2510, 3297, 3307, 3285, 1237, 3090, 3119, 1210, 1242, 3140, 3298,
    2896, 2897, 2518, 2519, 2897, 1245, 2897, 2903, 3122, 3127, 3231, 2518, 2897, 3317, 2897, 3121, 3122,
    2903, 3121, 3127, 3285, 3324, 3324, 2180, 3300, 3284, 2521, 1644, 3324, 605, 2911, 1587, 2270, 1259,
    1587, 2269, 2580, 3233, 1976, 2383, 3130, 2529, 2530, 3124, 3127, 2903, 3127, 3231, 3127, 2903, 2921,
    1983, 2911, 605, 2911, 2982, 2363, 2791, 3311, 3321, 1277, 2551, 1999, 2551, 1998, 1999, 2557, 2559,
    2925, 2927, 3325, 3324, 3300, 2563, 2929, 2929, 3318, 3127, 2954, 2961, 2929, 2911, 2929, 3127, 2572,
    625, 627, 2029, 2572, 612, 2903, 3127, 3231, 2029, 2029, 3301, 3301, 2572, 2573, 1738, 2271, 2384, 2567,
    2578, 2954, 2961, 3142, 2566, 2368, 2737, 2567, 3142, 2939, 1313, 2037, 3140, 605, 2035, 2911, 605,
    2911, 2042, 2042, 3245, 3143, 90, 1908, 3144, 3244, 2046, 2561, 2658, 259, 2048, 2234, 2235, 2713, 2714,
    2435, 2436, 3294, 3296, 2124, 2972, 2973, 2811, 2812, 3208, 1328, 1793, 2944, 2748, 2749, 2885, 2276,
    2585, 3145, 2782, 2782, 1338, 2377, 2782, 2526, 863, 2696, 2391, 2263, 3194, 1818, 2843, 2844, 3014,
    1532, 1746, 2062, 3246, 2062, 2588, 2589, 2794, 2945, 3147, 3246, 2062, 2063, 3246, 3327, 496, 676,
    2856, 1811, 3247, 2590, 1811, 1357, 2071, 2072, 472, 1360, 1363, 2958, 3130, 2604, 2957, 2958, 1998,
    2604, 2957, 2957, 1368, 1998, 2924, 2956, 2957, 3079, 3323, 2605, 2903, 3231, 3232, 3160, 2959, 502,
    2960, 3151, 3156, 2604, 3158, 3158, 3008, 3321, 1374, 2615, 2615, 3252, 2887, 605, 696, 1372, 2605,
    2606, 2911, 3162, 3253, 2970, 2104, 3068, 3078, 2388, 2809, 3079, 2855, 2454, 1979, 2623, 2580, 1592,
    2580, 2621, 2622, 2750, 2971, 2104, 3202, 2972, 2506, 2507, 3095, 2416, 2242, 2629, 2248, 2629, 2927,
    3210, 393, 729, 1005, 1651, 1700, 2364, 2629, 2630, 3046, 3083, 2657, 2741, 3202, 2073, 2278, 2548,
    2119, 2632, 1427, 2976, 1412, 2634, 2120, 2633, 2123, 2123, 3015, 3015, 191, 2124, 2306, 3015, 2634,
    2982, 739, 2642, 2980, 2130, 2643, 2644, 2647, 1452, 2929, 2649, 1452, 2983, 2983, 2983, 197, 2135,
    2136, 2137, 2650, 2984, 2138, 2651, 3027, 3028, 3049, 2986, 2969, 3175, 3175, 1594, 2392, 2698, 3250,
    2145, 1462, 1461, 2930, 2152, 2664, 1820, 2652, 2797, 2155, 2668, 1948, 2672, 1887, 3100, 1453, 1479,
    2164, 2166, 2164, 2166, 2807, 3032, 3072, 2169, 2675, 3180, 2169, 2674, 2675, 1486, 2999, 2203, 2997,
    208, 208, 1486, 2677, 2999, 1486, 1487, 2787, 2678, 2584, 2175, 2679, 2682, 2681, 3058, 2586, 2593,
    2393, 2180, 212, 1718, 3005, 3070, 3149, 3039, 3255, 2698, 2683, 1506, 2180, 2685, 2687, 2180, 2687,
    2559, 2926, 2986, 2287, 2496, 2689, 2558, 2557, 2557, 214, 2691, 2485, 2497, 3060, 216, 789, 1520, 2186,
    2263, 2264, 3016, 3016, 2687, 2687, 2765, 2872, 3050, 3113, 2957, 2822, 3215, 3270, 3009, 3184, 2696,
    2487, 3015, 2697, 2698, 222, 3016, 222, 1539, 3016, 3019, 3319, 2216, 2699, 3017, 1916, 2488, 2489,
    2890, 1637, 2216, 2699, 3017, 3019, 3019, 2214, 2232, 2074, 2220, 2702, 453, 3093, 2223, 2225, 2226,
    2707, 3092, 3260, 3020, 3187, 1734, 2708, 3092, 3188, 2710, 2711, 3189, 1604, 1819, 2751, 2672, 2720,
    1802, 1725, 2718, 3030, 1243, 1261, 1970, 2954, 3193, 1590, 1456, 2264, 3037, 3202, 2737, 2276, 1610,
    2740, 3043, 2740, 3043, 2282, 2290, 2742, 3261, 2715, 1818, 1442, 2746, 2747, 2290, 1622, 2290, 285,
    1624, 2246, 2631, 286, 3066, 2299, 3148, 1624, 2631, 2631, 2282, 2631, 1632, 2302, 2299, 908, 3195,
    1639, 1645, 2307, 2762, 3324, 924, 2761, 2763, 924, 2316, 2763, 1832, 924, 1647, 2316, 2317, 2763, 2765,
    2872, 3049, 3050, 3113, 2764, 2638, 2640, 1643, 930, 2929, 502, 2930, 2697, 2698, 2152, 2319, 2442,
    3079, 2155, 1846, 1149, 2355, 2946, 3204, 3204, 3057, 3058, 2782, 2343, 2878, 3054, 3055, 3200, 2785,
    2784, 2785, 3060, 1689, 994, 1687, 1709, 999, 1692, 2358, 1694, 2049, 1001, 2790, 1699, 2792, 3083,
    1005, 1007, 2630, 2630, 2119, 1706, 2370, 2983, 2372, 2396, 2372, 2376, 1802, 1802, 2377, 3063, 2495,
    2428, 1738, 3210, 3070, 3072, 1051, 1807, 1532, 1751, 1751, 2611, 2812, 3075, 3208, 2861, 3076, 3077,
    2813, 3323, 3015, 2408, 2814, 3079, 1574, 1768, 2251, 3075, 3082, 3083, 3187, 3210, 1072, 2251, 3210,
    3179, 2817, 2416, 2820, 3088, 2822, 3089, 2823, 3019, 3019, 2828, 2829, 2829, 2903, 3231, 581, 3092,
    3269, 3092, 91, 2277, 2832, 3042, 1798, 1800, 1965, 1486, 1850, 2856, 2999, 1804, 1105, 3094, 2426,
    1791, 1800, 1138, 1791, 1798, 2836, 1742, 2431, 2835, 3096, 3097, 2119, 581, 3213, 1131, 3298, 3214,
    2986, 3214, 1138, 1138, 1138, 3024, 3025, 1648, 3323, 1833, 1138, 1138, 483, 2851, 3019, 1148, 2852,
    483, 1143, 1840, 2452, 2846, 2460, 116, 1139, 2454, 2855, 118, 501, 2857, 118, 501, 2858, 2859, 3101,
    3102, 3293, 3294, 3271, 2861, 2861, 3293, 3104, 3215, 3272, 3273, 502, 3221, 3222, 3221, 3222, 3295,
    3274, 3218, 3296, 504, 3109, 3274, 3110, 3219, 3275, 3276, 3221, 3222, 3223, 3295, 508, 1170, 2471,
    1173, 511, 1894, 1894, 2473, 2474, 2870, 1898, 3038, 128, 2765, 2872, 3050, 3113, 1901, 2878, 3054,
    3055, 3200, 3116, 1724, 1320, 3071, 2244, 1911, 1912, 1914, 2505, 2883, 2506, 1138, 2377, 2320, 2497,
    3018, 2502, 2493, 1583, 3279, 3066, 2366, 3310, 3328, 1751, 2134, 2505, 2507, 2889, 1228, 2760, 3052,
    569, 1230, 1732, 2381, 2508, 1235, 1235, 3297, 3297, 581, 3280, 3090, 3322, 2508, 3316, 2896, 2897,
    2897, 2903, 3121, 3122, 3127, 3231, 3127, 3284, 3121, 3282, 1775, 2528, 2528, 1976, 2984, 1263, 2383,
    2842, 1997, 1997, 2903, 2921, 3231, 3127, 2911, 3308, 3327, 3234, 3310, 3328, 3285, 1984, 2911, 3285,
    3298, 3234, 3312, 1270, 3300, 1272, 3319, 1275, 1270, 3311, 1270, 3311, 3319, 604, 149, 1998, 2519,
    2559, 2925, 2006, 3287, 1272, 2929, 2568, 3048, 2565, 2961, 1644, 1644, 3324, 2929, 3318, 622, 2572,
    2930, 2737, 1043, 1588, 2307, 1758, 2747, 2272, 2273, 1578, 2273, 2380, 2579, 2911, 3260, 1313, 2037,
    2035, 2911, 2103, 1403, 1470, 3245, 1403, 1470, 3217, 2103, 2042, 3245, 1806, 2858, 3101, 3145, 2840,
    3146, 1038, 1802, 2494, 2799, 3251, 2526, 1315, 2261, 2447, 2466, 2517, 2585, 2846, 2962, 3095, 664,
    3246, 2588, 2589, 2945, 3147, 2588, 3246, 1357, 2072, 1972, 2594, 2399, 680, 1358, 2278, 3130, 3078,
    3079, 2957, 3127, 3104, 1859, 2861, 502, 1374, 2947, 3149, 2719, 3160, 1385, 3321, 2250, 3163, 3304,
    3258, 2388, 2099, 2099, 2620, 2390, 718, 2109, 2972, 2787, 1413, 2248, 2630, 3082, 3210, 2976, 2721,
    2727, 2631, 49, 905, 1431, 2634, 2596, 1437, 191, 269, 852, 2124, 3015, 3254, 738, 2119, 1818, 2672,
    1450, 3024, 3028, 3049, 3191, 3025, 1453, 2969, 3175, 2787, 2098, 2659, 2662, 2930, 2152, 2152, 2664,
    3052, 2173, 2990, 1472, 1473, 1475, 2159, 3179, 2162, 2166, 2807, 2164, 3180, 2394, 2395, 2169, 3180,
    2990, 1492, 1496, 2425, 2594, 3098, 2838, 784, 1508, 3300, 1506, 2180, 2180, 2687, 2292, 2687, 216, 789,
    2275, 2687, 1818, 2843, 2844, 2690, 2924, 1999, 2243, 2785, 2264, 3016, 3016, 3319, 2687, 2957, 1529,
    2745, 2957, 809, 2745, 3089, 2368, 3184, 476, 3206, 2988, 3012, 2487, 3181, 3177, 3181, 222, 1539, 3016,
    222, 2216, 2699, 3017, 2256, 2489, 2890, 3015, 2421, 831, 293, 831, 1553, 2223, 2226, 2705, 2706, 2707,
    3260, 3021, 3021, 3187, 2489, 2890, 1848, 3289, 869, 1586, 3031, 3327, 805, 2278, 275, 1614, 2283, 2416,
    3044, 3175, 2302, 2299, 2288, 3197, 921, 1644, 3324, 1644, 3324, 2148, 930, 1818, 3298, 2640, 3326,
    2327, 2326, 1818, 2983, 2640, 3124, 2826, 2780, 2334, 3272, 2506, 2861, 319, 3054, 3055, 2878, 3054,
    3055, 3200, 1149, 3203, 2670, 2891, 2627, 3079, 1691, 2718, 1002, 2090, 2719, 3303, 1802, 1034, 2428,
    1976, 1736, 3267, 3267, 1747, 2704, 1001, 2408, 2814, 2411, 3078, 3079, 3323, 2408, 2410, 429, 2408,
    2814, 1768, 3021, 3075, 3083, 3187, 2416, 3087, 1773, 2831, 1732, 464, 469, 1136, 1136, 1833, 488, 1837,
    1159, 3294, 3272, 3217, 3274, 504, 3109, 504, 3315, 504, 1164, 504, 3274, 3295, 1894, 1186, 1199, 2497,
    2502, 2502, 1237, 580, 581, 3307, 1237, 581, 1245, 1247, 3284, 3285, 1976, 3127, 3127, 1267, 2903, 3231,
    3234, 3283, 3298, 3282, 3317, 3284, 3320, 3309, 3324, 3233, 3130, 3312, 3283, 1270, 1277, 1270, 3285,
    1282, 2911, 2929, 3318, 1310, 627, 2029, 2029, 2029, 2029, 2029, 2526, 1403, 2436, 2436, 3246, 679, 680,
    2123, 1360, 1363, 1366, 3078, 3079, 3149, 1374, 502, 1374, 2611, 1385, 1385, 3068, 2265, 2454, 2098,
    718, 182, 358, 3326, 738, 2737, 2988, 1453, 1453, 2145, 2930, 2930, 2152, 2990, 2155, 3180, 3180, 1490,
    2688, 1507, 784, 1508, 1520, 3258, 2204, 2214, 293, 905, 1555, 2224, 1002, 3031, 2728, 1593, 2260, 875,
    2263, 892, 1603, 1615, 46, 896, 295, 2754, 2755, 1643, 3313, 924, 924, 951, 927, 2986, 2698, 1149, 973,
    2345, 977, 3204, 3204, 3213, 1001, 3302, 997, 1011, 2371, 1733, 2842, 2393, 1066, 2409, 2408, 2814,
    1530, 1777, 892, 476, 1149, 2857, 2859, 3101, 3102, 2858, 3101, 3102, 502, 1859, 3314, 502, 3104, 3315,
    1164, 504, 3109, 524, 2481, 2875, 3114, 3114, 1198, 1198, 2882, 1941, 581, 1231, 3121, 1245, 1247, 3317,
    3282, 1976, 2528, 1976, 1267, 2830, 1984, 3325, 3326, 3283, 3316, 3327, 3234, 3282, 3310, 3322, 3299,
    3321, 3299, 3300, 3319, 1981, 1270, 2012, 2029, 2029, 2029, 3301, 2029, 2029, 2368, 1311, 2103, 1403,
    3245, 3302, 3302, 2076, 3078, 3079, 3079, 3149, 1370, 1529, 1385, 1394, 2108, 2628, 3254, 2640, 2138,
    2140, 2671, 3180, 3180, 3180, 2172, 2180, 2180, 786, 788, 2193, 1520, 2694, 2207, 1539, 2247, 3191,
    1591, 3301, 2260, 3327, 2728, 2270, 891, 2138, 927, 2871, 1818, 951, 794, 1685, 2376, 287, 1037, 3267,
    2388, 2374, 2404, 1057, 3078, 3082, 1148, 3269, 1818, 2858, 2859, 3102, 2858, 2859, 3101, 3215, 3293,
    2087, 1160, 2470, 1888, 2875, 2508, 1231, 1976, 2529, 2530, 3299, 3308, 3234, 3327, 2535, 2536, 3308,
    1270, 3298, 1979, 3311, 1243, 2029, 2958, 3104, 3215, 3314, 3293, 1374, 2099, 1403, 2974, 2629, 2632,
    3254, 2982, 1442, 1470, 3302, 2701, 1556, 2228, 2757, 1644, 967, 2812, 1806, 3294, 3296, 3274, 3275,
    1923, 3280, 2894, 1267, 1270, 3324, 3318, 1270, 3300, 1999, 3161, 2929, 2937, 3104, 3217, 3183, 2034,
    276, 3071, 3223, 3315, 3324, 3327, 3271, 3272, 3273, 1696, 1555,
};

}  // namespace cdp::text
