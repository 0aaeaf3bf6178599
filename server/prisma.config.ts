/** Where Prisma's tools find schema and migrations. The server itself never reads this file. */
import { defineConfig } from 'prisma/config';

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
