/**
 * What the items of the first-run set are made of. The two splits share no word pool and no
 * sentence, so that prompts tuned on one have not seen the other.
 * @module
 */

/** Pools of one split. In templates, `{p}` is a person, `{n}` a number, `{o}` things, `{c}` a city. */
export interface Contents {
  readonly people: readonly string[];
  readonly things: readonly string[];
  readonly cities: readonly string[];
  readonly quantityTemplates: readonly string[];
  readonly cityTemplates: readonly string[];
  readonly peopleTemplates: readonly string[];
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

const words = (text: string): string[] => text.trim().split(/\s+/);
const lines = (text: string): string[] => text.trim().split("\n").map((line) => line.trim());

/** What the demo and reported runs use. */
export const test: Contents = {
  people: words(
    "Tara Miguel Yusuf Clara Otto Freya Hassan Lena Pavel Greta Dario Wanda Felix Sana",
  ),
  things: words("pens jars bricks feathers buttons tulips towels magnets whistles crates saddles"),
  cities: words("Lyon Bergen Osaka Quito Tampere Graz Seville Durban Halifax Perth Bristol Gdansk"),
  quantityTemplates: lines(`
    {p} sold {n} {o}.
    {p} bought {n} {o}.
    {p} packed {n} {o}.
    {p} lost {n} {o}.
    The shed holds {n} {o}.
    A van brought {n} {o}.
  `),
  cityTemplates: lines(`
    {p} flew to {c}.
    {p} grew up in {c}.
    The ferry to {c} was full.
    My cousin works in {c}.
    It snowed in {c}.
  `),
  peopleTemplates: lines(`
    {p} opened the window.
    The letter was signed by {p}.
    The last cake went to {p}.
    {p} forgot the umbrella.
    We waited for {p}.
  `),
  positive: lines(`
    The soup was delicious and I want more.
    Our guide was wonderful.
    I love this lamp.
    The hotel was excellent in every way.
    What a great little cafe.
    The blender works perfectly.
    Everything about the boat trip was fantastic.
    Best shoes I have ever owned.
    The nurse was kind and very helpful.
    A beautiful film that I happily recommend.
    The delivery was fast and the box was perfect.
    I am very happy with this bicycle.
    The bread tastes amazing.
    Such a lovely quiet garden.
    The repair was quick, cheap and excellent.
    We really enjoyed the concert.
  `),
  negative: lines(`
    The soup was cold and tasted awful.
    Our guide was rude and useless.
    I hate this lamp.
    The hotel was terrible in every way.
    What a horrible little cafe.
    The blender broke on the first day.
    Everything about the boat trip was dreadful.
    Worst shoes I have ever owned.
    The nurse was unkind and very rude.
    A bad film that bored me.
    The delivery was late and the box was damaged.
    I am very unhappy with this bicycle.
    The bread tastes disgusting.
    Such an ugly dirty garden.
    The repair was slow, expensive and bad.
    We really regret the concert.
  `),
};

/** For tuning prompts only. */
export const dev: Contents = {
  people: words("Bruno Ada Kofi Marta Niels Pilar Rashid Vera Anton Judith Emil Noor Silvia Tom"),
  things: words("cups kites ladders shells candles drums pillows marbles spoons tickets barrels"),
  cities: words("Rome Dublin Cairo Lima Oslo Boston Prague Nairobi Vienna Delhi Milan Toronto"),
  quantityTemplates: lines(`
    {p} found {n} {o}.
    {p} carried {n} {o}.
    {p} made {n} {o}.
    {p} gave away {n} {o}.
    The cellar is full of {n} {o}.
    The school ordered {n} {o}.
  `),
  cityTemplates: lines(`
    {p} moved to {c}.
    {p} spent the summer in {c}.
    The train to {c} was early.
    My teacher was born in {c}.
    The market in {c} was closed.
  `),
  peopleTemplates: lines(`
    {p} painted the fence.
    The song was written by {p}.
    The first prize went to {p}.
    {p} missed the bus.
    We had dinner with {p}.
  `),
  positive: lines(`
    The pizza was tasty and hot.
    Our driver was friendly and careful.
    I adore this jacket.
    The museum was a pure joy.
    What a superb teacher.
    The vacuum cleaner runs like new.
    The whole cruise was marvellous.
    Best pancakes in town.
    The dentist was gentle and patient.
    A charming book, and I will read it again.
    The parcel came early and in good order.
    I am delighted with this camera.
    The tea smells wonderful.
    Such a bright and cosy room.
    The haircut turned out great.
    We had a terrific time at the zoo.
  `),
  negative: lines(`
    The pizza was burnt and hard.
    Our driver was angry and careless.
    I cannot stand this jacket.
    The museum was a complete waste of time.
    What a lousy teacher.
    The vacuum cleaner stopped working at once.
    The whole cruise was miserable.
    Worst pancakes in town.
    The dentist was rough and impatient.
    A dull book, and I gave up on it.
    The parcel never came and nobody answered.
    I am disappointed with this camera.
    The tea smells rotten.
    Such a dark and filthy room.
    The haircut turned out awful.
    We had a terrible time at the zoo.
  `),
};
