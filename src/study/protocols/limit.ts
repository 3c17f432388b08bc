/** Works through a list with at most `most` pieces under way, so that not all of their data are in memory at once. Results keep the order. */
export async function mapLimited<In, Out>(
  items: readonly In[],
  most: number,
  work: (item: In, index: number) => Promise<Out>,
): Promise<Out[]> {
  const results = new Array<Out>(items.length);
  let next = 0;
  const go = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, go));
  return results;
}
